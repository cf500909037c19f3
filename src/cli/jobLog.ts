import { fileEventLogPort, sha256Hex } from "../engine/ports/fileEventLogPort.ts";
import { nodeFileSystem } from "../engine/ports/nodeFileSystem.ts";
import { nodeSqlite } from "../engine/ports/nodeSqlite.ts";
import { SqliteEventLog } from "../engine/ports/SqliteEventLog.ts";
import { loadSqlJs } from "../engine/ports/sqlJs.ts";
import type { EventLog } from "../eventlog/EventLog.ts";
import { FileEventLog } from "../eventlog/FileEventLog.ts";
import { ACTION_GRAPH_TOPIC } from "../eventlog/topics.ts";
import { writeHeaders } from "../eventlog/provenance.ts";
import { JsonWriter } from "../json/JsonWriter.ts";
import { CommandFault } from "./CommandFault.ts";
import { asGiven } from "./files.ts";
import { optionalTextOf, textOf } from "./jobFields.ts";
import type { JobArguments } from "./jobFields.ts";

/** The event log a job names as active: `log` is its backend, `log_dir` its folder or database. Null where it names none. */
export function jobLog(job: JobArguments, cwd: string, sqlWasm: string): EventLog | null {
  const backend = optionalTextOf(job, "log");
  if (backend === null) return null;
  const path = asGiven(cwd, textOf(job, "log_dir"));
  switch (backend) {
    case "file":
      return new FileEventLog(fileEventLogPort(path));
    case "sqlite":
      return new SqliteEventLog(path, {
        fs: nodeFileSystem,
        host: nodeSqlite(),
        memory: async () => loadSqlJs(sqlWasm),
        nowMs: () => BigInt(Date.now()),
        sha256: sha256Hex,
      });
    default:
      throw new CommandFault('`log` is "file" or "sqlite"');
  }
}

/** What the action graph's topic holds, as JSON: `[{id, event: {headers, kind, occurred_at_ms, payload}}]`. */
export async function publishedText(log: EventLog): Promise<Uint8Array> {
  const read = await log.readRange(ACTION_GRAPH_TOPIC, 0n, Number.MAX_SAFE_INTEGER);
  if (!read.ok) throw new CommandFault(read.message);
  const writer = new JsonWriter("compact");
  writer.beginArray();
  for (const { id, headers, kind, occurredAtMs, payload } of read.events) {
    writer.beginObject();
    writer.key("event");
    writer.beginObject();
    writer.key("headers");
    writeHeaders(writer, headers);
    writer.key("kind");
    writer.string(kind);
    writer.key("occurred_at_ms");
    writer.integer(occurredAtMs);
    writer.key("payload");
    writer.raw(payload.tape.bytes, payload.tape.start(payload.node), payload.tape.end(payload.node));
    writer.endObject();
    writer.key("id");
    writer.integer(id);
    writer.endObject();
  }
  writer.endArray();
  return writer.finish();
}
