import type { Tape } from "../../json/Tape.ts";
import type { RecordPlace, ResolvedPath } from "../../protocol/engine.ts";
import type { AroundRows } from "../../view/aroundRows.ts";
import type { RowSource } from "../../view/rows/RowSource.ts";
import type { StageFinder } from "../../view/StageFinder.ts";
import type { OpenRequest, TableId, TableQuery, TableTab, TableWindow } from "../../view/tables.ts";
import type { DetailSection, RowDetail } from "../../view/types.ts";
import type { DocumentState } from "../DocumentState.ts";
import type { EnginePorts } from "../EnginePorts.ts";
import type { FoundLog } from "./FoundLog.ts";

/** What a part of the surroundings may ask of the whole. All but `place` and `ports` change over time: ask each time. */
export interface AroundContext {
  readonly place: RecordPlace;
  readonly ports: EnginePorts;
  readonly state: DocumentState;
  readonly stages: StageFinder;
  /** Null while it is being looked for. */
  readonly log: FoundLog | null;
  /** Aborted when the document is closed: long reading ends then. */
  readonly signal: AbortSignal;
  /** Something new to show; `tree`: rows of the tree came or went as well. Cheap: tells the page a moment later, many calls as one. */
  changed(what: "table" | "tree"): void;
}

/** What a part may ask of the whole whose details are those of the tree. */
export interface TreeContext extends AroundContext {
  /** What all parts know of a row of the tree: the end of its detail pane. */
  treeSections(source: RowSource): readonly DetailSection[];
}

/** The detail of a row, with the JSON texts its long texts come from: `textRef` counts them in this order. */
export interface AroundDetail {
  readonly detail: RowDetail;
  readonly tapes: readonly Tape[];
}

/** One table of a part. */
export interface AroundTable {
  readonly id: TableId;
  /** Null where there is nothing to show: no row, and no source worth naming. */
  readonly tab: TableTab | null;
  window(query: TableQuery, start: number, count: number): TableWindow;
  locate(query: TableQuery, rowId: string): number;
  text(query: TableQuery, format: "tsv" | "markdown"): { readonly text: string; readonly rows: number; readonly total: number };
  /** Null when there is no such row. Reads again what is not kept. */
  detail(rowId: string): Promise<AroundDetail | null>;
  /** The file a row is about; null when it is about none. */
  filePath(rowId: string): Promise<ResolvedPath | null>;
}

/** A part of the surroundings: what it reads, and the tables made of it. No call rejects. */
export interface AroundPart {
  readonly tables: readonly AroundTable[];
  /** Rows it adds to the tree. */
  readonly rows: AroundRows;
  readonly openRequests: readonly OpenRequest[];
  /** Looks at its files for the first time or again, and reads what is new. Long reading goes on after the promise settled. */
  look(): Promise<void>;
  /** The record's bytes are other ones: links to it are made anew. */
  recordChanged(): void;
  /** Another log is active (or none): what was read from the old one is dropped. A `look` follows. */
  logChanged(): void;
  /** What it knows of a row of the tree, for the end of its detail pane. Long texts in it have no `ref`. */
  treeSections(source: RowSource): readonly DetailSection[];
}
