/** The two kinds of logs, opened to be looked at. */
import type { EventLog } from "../../eventlog/EventLog.ts";
import type { LogView } from "../../eventlog/LogView.ts";
import type { Sha256 } from "../../eventlog/provenance.ts";
import { FileLogView } from "./FileLogView.ts";
import type { FileSystem } from "./FileSystem.ts";
import { SqliteEventLog } from "./SqliteEventLog.ts";
import type { SqliteEventLogPorts } from "./SqliteEventLog.ts";

export function fileLogView(folder: string, ports: { readonly fs: FileSystem; nowMs(): bigint; readonly sha256: Sha256 }): LogView {
  return new FileLogView(folder, ports);
}

export function sqliteLogView(path: string, ports: SqliteEventLogPorts): LogView {
  return viewOf(new SqliteEventLog(path, ports));
}

const NOT_YET = { ok: false, message: "event log pages cannot be read yet" } as const;

function viewOf(log: EventLog): LogView {
  return {
    log,
    async topics() {
      const read = await log.topics();
      return read.ok ? { ok: true, topics: read.topics.map((topic) => ({ topic, fault: null, lastId: null, bytes: null })) } : read;
    },
    read: () => Promise.resolve(NOT_YET),
    readLast: () => Promise.resolve(NOT_YET),
    readOne: () => Promise.resolve(null),
    mark: () => Promise.resolve(""),
    markOfAll: () => Promise.resolve(""),
    close: () => log.close(),
  };
}
