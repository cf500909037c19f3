import { scan } from "../json/scan.ts";
import { readRecord } from "../record/readRecord.ts";
import type { Call } from "./EngineDocument.ts";
import type { EnginePorts } from "./EnginePorts.ts";

/** In what the runtime writes, the id stands at the beginning; what others write is read as far as the second size. */
const readSizes = [64 << 10, 16 << 20];

/** The record of a run by its id, in and below the folders; null when there is none. Files that cannot be read are left out. */
export async function recordOfRun(
  folders: readonly string[],
  runId: string,
  ports: EnginePorts,
  call: Call,
): Promise<{ path: string } | null> {
  if (runId === "") return null;
  for (const path of await ports.findRecords(folders, call.signal)) {
    await call.check();
    if ((await idAt(path, ports, call)) === runId) return { path };
  }
  return null;
}

/** The id a record says it has; empty when it says none in what is read of it. */
async function idAt(path: string, ports: EnginePorts, call: Call): Promise<string> {
  for (const size of readSizes) {
    try {
      const { bytes, size: whole } = await ports.readHead(path, size, call.signal);
      const { id } = readRecord(scan(bytes)).record;
      if (id !== "" || bytes.length === whole) return id;
    } catch (cause) {
      ports.log("warn", `Left out when looking for a run: ${cause instanceof Error ? cause.message : String(cause)}`);
      return "";
    }
  }
  return "";
}
