/** The two kinds of logs, opened to be looked at. */
import type { LogView } from "../../eventlog/LogView.ts";
import type { Sha256 } from "../../eventlog/provenance.ts";
import { FileLogView } from "./FileLogView.ts";
import type { FileSystem } from "./FileSystem.ts";
import type { SqliteEventLogPorts } from "./SqliteEventLog.ts";
import { SqliteLogView } from "./SqliteLogView.ts";

export function fileLogView(folder: string, ports: { readonly fs: FileSystem; nowMs(): bigint; readonly sha256: Sha256 }): LogView {
  return new FileLogView(folder, ports);
}

export function sqliteLogView(path: string, ports: SqliteEventLogPorts): LogView {
  return new SqliteLogView(path, ports);
}
