import type { RecordPlace, ResolvedPath } from "../../protocol/engine.ts";
import { plural } from "../../view/plainText.ts";
import type { EnginePorts, FileLook } from "../EnginePorts.ts";
import type { FileEntry, FileSeen } from "./FileRegister.ts";
import { joined } from "./FilesBeside.ts";
import type { FoundLog } from "./FoundLog.ts";

type Ports = Pick<EnginePorts, "listFolder" | "lookAt" | "resolveStoredPath">;

/**
 * How a file of the register is now. What a record names, and what lies beside it, is followed as an untrusted path; the record itself
 * and the log that is open are looked at where they are.
 */
export async function fileSeen(entry: FileEntry, place: RecordPlace, log: FoundLog | null, ports: Ports): Promise<FileSeen> {
  if (entry.isStored || !(entry.roles.has("log") || entry.roles.has("record"))) {
    const resolved = await ports.resolveStoredPath(entry.name, place);
    const look = resolved.presence === "present" && resolved.path !== null ? await ports.lookAt(resolved.path) : null;
    return seenAt(resolved, look);
  }
  // The log that is open was allowed; one that is not open was not looked at.
  if (entry.roles.has("log") && (log === null || log.view === null)) return entry.seen;
  const look = await ports.lookAt(entry.name);
  if (look === null) return absentSeen("It is not there.");
  const topics = look.kind === "folder" ? await ports.listFolder(joined(entry.name, "topics")) : null;
  const isFolder = look.kind === "folder";
  return {
    state: "present",
    isFolder,
    path: entry.name,
    size: isFolder ? null : look.size,
    changedMs: Math.trunc(look.changedMs),
    note: topics === null ? "" : `A folder with ${plural(topics.length, "topic file")}.`,
  };
}

function seenAt({ presence, path, note }: ResolvedPath, look: FileLook | null): FileSeen {
  if (presence === "present" && look === null) return absentSeen("It went while it was looked at.");
  return {
    state: presence,
    isFolder: look?.kind === "folder",
    path,
    size: look?.size ?? null,
    changedMs: look === null ? null : Math.trunc(look.changedMs),
    note,
  };
}

function absentSeen(note: string): FileSeen {
  return { state: "absent", isFolder: false, path: null, size: null, changedMs: null, note };
}
