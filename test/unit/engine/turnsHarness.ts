import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { onTestFinished } from "vitest";
import { Around } from "../../../src/engine/around/Around.ts";
import { DocumentState } from "../../../src/engine/DocumentState.ts";
import type { EnginePorts } from "../../../src/engine/EnginePorts.ts";
import { nodeEnginePorts } from "../../../src/engine/ports/nodeEnginePorts.ts";
import { scan } from "../../../src/json/scan.ts";
import { DEFAULT_LOG_CHOICE } from "../../../src/protocol/engine.ts";
import type { LogChoice, RecordPlace } from "../../../src/protocol/engine.ts";
import { readRecord } from "../../../src/record/readRecord.ts";
import { NO_QUERY } from "../../../src/view/tables.ts";
import type { TableId, TableQuery, TableWindow } from "../../../src/view/tables.ts";
import type { RowDetail } from "../../../src/view/types.ts";
import { placeOf } from "./engineHarness.ts";
import { SQL_WASM } from "./logFiles.ts";

/** A record's surroundings on the real disk, as far as model turns and daemon events go. */
export interface Turns {
  readonly around: Around;
  readonly state: DocumentState;
  window(query?: Partial<TableQuery>, table?: TableId, start?: number): TableWindow;
  /** The texts of some columns of each row, joined by `|`. */
  texts(columns: readonly string[], query?: Partial<TableQuery>, table?: TableId): string[];
  detail(rowId: string): Promise<RowDetail>;
  /** Looks, and waits until nothing is read in the background any more. */
  look(): Promise<void>;
}

export function turnsOf(
  path: string,
  changes: Partial<EnginePorts> = {},
  log: Partial<LogChoice> = { backend: "none" },
  place?: RecordPlace,
): Turns {
  const ports: EnginePorts = { ...nodeEnginePorts(() => undefined, SQL_WASM), ...changes };
  const state = new DocumentState(readRecord(scan(readFileSync(path))), basename(path), 1);
  const around = new Around(place ?? placeOf(path), ports, state, { ...DEFAULT_LOG_CHOICE, ...log }, () => undefined);
  state.tree.around = around;
  onTestFinished(() => around.close());
  const window: Turns["window"] = (query = {}, table = "turns", start = 0) =>
    around.answer({ kind: "table", table, query: { ...NO_QUERY, ...query }, start, count: 300 });
  return {
    around,
    state,
    window,
    texts(names, query, table) {
      const { columns, rows } = window(query, table);
      const places = names.map((name) => columns.findIndex(({ id }) => id === name));
      return rows.map(({ cells }) => places.map((at) => cells[at]?.text).join("|"));
    },
    async detail(rowId) {
      const found = await around.detail(rowId);
      if (found === null) throw new Error(`no row ${rowId}`);
      return found.detail;
    },
    async look() {
      await around.look();
      while (window().progress !== null) await ports.pause();
    },
  };
}
