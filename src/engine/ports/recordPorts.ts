import type { ActiveEventLog, RecordPorts } from "../../record/ports.ts";
import type { FileSystem } from "./FileSystem.ts";
import { newUuid } from "./newUuid.ts";
import { nowRfc3339 } from "./nowRfc3339.ts";
import { readSidecar } from "./readSidecar.ts";
import type { SidecarPlace } from "./readSidecar.ts";

/** What the record core needs of the world, on this machine. `activeLog`: null where no event log is active. */
export function recordPorts(fs: FileSystem, place: SidecarPlace, activeLog: ActiveEventLog | null): RecordPorts {
  return { now: () => nowRfc3339(), newUuid, readSidecar: async (path) => readSidecar(fs, path, place), activeLog };
}
