/**
 * What the screen shows, as plain data: everything here survives a structured clone and is safe to send to the page.
 * All text is record text and therefore hostile; whoever draws it draws it as text.
 */

import type { TableId } from "./tables.ts";

/** The kinds of rows in the stage tree. */
export type RowKind =
  | "stage"
  | "attempt"
  | "childRun"
  | "modelTurn"
  | "toolCall"
  | "agentEvent"
  | "compaction"
  | "question"
  | "artifact"
  | "handoff"
  | "transition";

/** How a status is coloured. Status text itself is free text in the format. */
export type StatusTone = "success" | "failure" | "running" | "waiting" | "warning" | "neutral";

export interface StatusView {
  readonly text: string;
  readonly tone: StatusTone;
}

/** A stored time: its own text, and milliseconds since 1970 when one of the five spellings was recognised. */
export interface TimeView {
  readonly text: string;
  readonly epochMs: number | null;
}

/** An amount of money in US dollars; `atLeast` when some calls have no known price. */
export interface CostView {
  readonly usd: number;
  readonly atLeast: boolean;
}

/** One line of the stage tree, in a window of rows. Level, position and set size are those of ARIA (1-based). */
export interface TreeRow {
  /** Stable over reloads of the same record: kind and place, e.g. `stage:3` or `stage:3/attempt:0`. */
  readonly id: string;
  readonly kind: RowKind;
  readonly level: number;
  readonly posInSet: number;
  readonly setSize: number;
  readonly expandable: boolean;
  readonly expanded: boolean;
  readonly label: string;
  /** Said after the label, dimmed. */
  readonly note: string;
  readonly status: StatusView | null;
  readonly startMs: number | null;
  readonly durationMs: number | null;
  readonly tokens: number | null;
  readonly cost: CostView | null;
  /** How many problems the reader noted inside this row's part of the file. */
  readonly problems: number;
}

export interface RowWindow {
  /** Index of the first row in `rows` among all visible rows. */
  readonly start: number;
  /** All rows now visible (expanded), not only those in the window. */
  readonly total: number;
  readonly rows: readonly TreeRow[];
  /** The shared time axis, milliseconds since 1970; null when no row has a time. */
  readonly axis: { readonly startMs: number; readonly endMs: number } | null;
}

/** Something a click can lead to. Paths and ids are as stored; whoever follows one checks it. */
export type LinkTarget =
  | { readonly kind: "row"; readonly rowId: string }
  | { readonly kind: "childRecord"; readonly rowId: string }
  | { readonly kind: "parentRecord"; readonly runId: string }
  | { readonly kind: "storedPath"; readonly path: string }
  /** A row of one of the tables beside the tree. */
  | { readonly kind: "tableRow"; readonly table: TableId; readonly rowId: string }
  | { readonly kind: "jsonOffset"; readonly offset: number };

/** Text of any length: the first part here, the rest on request by `ref`. */
export interface LongText {
  readonly head: string;
  /** Length of the whole in UTF-16 units. */
  readonly length: number;
  /** Node of the text on the tape, to ask for more; null when `head` is all there is. */
  readonly ref: number | null;
}

export interface DetailField {
  readonly name: string;
  readonly value: string;
  readonly time?: TimeView;
  readonly tone?: StatusTone;
  readonly link?: LinkTarget;
  /** A longer explanation shown on hover. */
  readonly hint?: string;
  /** Tells the value `null` or `""` of the file from a text that reads the same, and both from a field the file does not have. */
  readonly state?: "null" | "empty" | "absent";
}

export type DetailSection =
  | { readonly kind: "fields"; readonly title: string; readonly fields: readonly DetailField[] }
  | { readonly kind: "text"; readonly title: string; readonly text: LongText; readonly format: "plain" | "json" }
  | { readonly kind: "list"; readonly title: string; readonly items: readonly DetailField[] };

/** The detail pane of one row, of the tree or of a table. */
export interface RowDetail {
  readonly rowId: string;
  /** What the row's picture is; rows of tables that have no counterpart in the tree say `daemon`, `session` or `file`. */
  readonly kind: RowKind | "daemon" | "session" | "file";
  readonly title: string;
  readonly subtitle: string;
  readonly status: StatusView | null;
  /** JSON path in the file, e.g. `stages[3].attempts[0]`; for rows of tables where they were read, e.g. `llm_transcript.jsonl:12`. */
  readonly path: string;
  /** Byte offset of the row's own JSON in the file, for "Reveal in JSON"; null when derived only. */
  readonly offset: number | null;
  readonly sections: readonly DetailSection[];
  /** The row's own JSON text. */
  readonly raw: LongText | null;
  /** Set for child runs. */
  readonly card: ChildCard | null;
}

/** Whether the file a record names is there. */
export type FilePresence = "present" | "absent" | "unreadable" | "outside" | "unnamed";

/** The hover card of a child run: the same in the tree and in the JSON text. */
export interface ChildCard {
  readonly title: string;
  readonly status: StatusView;
  readonly fields: readonly DetailField[];
  readonly record: FilePresence;
  /** One sentence about the child's record file. */
  readonly recordNote: string;
}

/** One fault of the file. Line and column are 1-based, the column in UTF-16 units. */
export interface ProblemView {
  readonly severity: "error" | "warning" | "info";
  readonly code: string;
  readonly message: string;
  readonly path: string;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly rowId: string | null;
}

/** What kind of file was opened. */
export type OpenedState =
  /** A run record, whole. */
  | "record"
  /** A run record up to where its text breaks. */
  | "broken"
  /** JSON, but no run record. */
  | "otherJson"
  /** Not JSON at all. */
  | "notJson"
  | "empty";

/** Shape of the record, told by its fields alone: no file says which version wrote it. */
export type RecordShape = "current" | "later";

/** What set the run going, as the record tells it. */
export interface TriggerView {
  readonly provider: string;
  readonly kind: string;
  /** `verified`, `unsigned`, `failed`; null when there is no trigger event that can be read. */
  readonly signature: string | null;
  readonly eventId: string;
  readonly dedupeKey: string;
  readonly received: TimeView | null;
  readonly traceId: string | null;
  /** The event this run replays. */
  readonly replayOf: string | null;
  /** Set when the record holds a trigger that the runtime would not recognise: one sentence that names the field at fault. */
  readonly fault: string | null;
  /** Byte offset of the trigger event, or of its faulty field, in the file. */
  readonly offset: number | null;
}

/** Where a run went wrong first. */
export interface FailureView {
  /** Row of the stage in the tree. */
  readonly rowId: string;
  readonly stage: string;
  /** In a line; its outcome where no error is told. May be empty. */
  readonly error: string;
  /** Stages that failed after it. */
  readonly more: number;
  /** Whether the run itself says that it failed: some end well although a stage did not. */
  readonly runFailed: boolean;
}

export interface RunHeader {
  readonly title: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly task: string;
  readonly status: StatusView;
  readonly started: TimeView | null;
  readonly finished: TimeView | null;
  readonly durationMs: number | null;
  readonly tokensIn: number | null;
  readonly tokensOut: number | null;
  readonly cost: CostView | null;
  readonly modelCalls: number | null;
  readonly childRuns: number;
  readonly parentRunId: string | null;
  readonly rootRunId: string | null;
  readonly shape: RecordShape;
  readonly trigger: TriggerView | null;
  readonly failure: FailureView | null;
  readonly counts: Readonly<Record<RowKind, number>>;
}

/** Everything the page needs to draw itself first; rows and details come on request. */
export interface OpenedView {
  readonly state: OpenedState;
  /** File name without folder. */
  readonly fileName: string;
  readonly byteLength: number;
  /** Null when the file is no record (`otherJson`, `notJson`, `empty`). */
  readonly header: RunHeader | null;
  /** For `broken`, `otherJson`, `notJson`, `empty`: one sentence that says what and what to do. */
  readonly notice: string | null;
  /** Where the text breaks, for the button that leads there. */
  readonly breakOffset: number | null;
  readonly problemCount: number;
  readonly worstProblem: ProblemView["severity"] | null;
  /** Grows with every change of the bytes: rows and details of an older revision are stale. */
  readonly revision: number;
  /** Whether normalise and resave may be offered. */
  readonly editable: boolean;
}

export type SaveOperation = "normalize" | "resave" | "resaveAs";
export type SaveFidelity = "lossless" | "runtime";

/** Why a value changes; the groups of the preview, in this order. */
export type ChangeGroup = "filled" | "merged" | "derived" | "rewritten" | "lost" | "runtimeOnly";

export interface ChangeView {
  readonly group: ChangeGroup;
  readonly change: "added" | "changed" | "removed";
  readonly path: string;
  /** Shortened text of the value, null when there is none. */
  readonly before: string | null;
  readonly after: string | null;
  readonly why: string;
}

/** What a normalise or a resave would do, shown before anything is done. */
export interface SavePreview {
  readonly operation: SaveOperation;
  readonly fidelity: SaveFidelity;
  /** Names the prepared bytes, to confirm exactly what was shown. */
  readonly token: string;
  /** At most `CHANGE_LIMIT` of them, worst first within a group; `total` tells all. */
  readonly changes: readonly ChangeView[];
  readonly totals: Readonly<Record<ChangeGroup, number>>;
  /** Nothing in the file would change. */
  readonly unchanged: boolean;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Sentences about the whole: parts not derived and why, a rule that does not come to rest, and the like. */
  readonly notes: readonly string[];
  /** The record has a later shape: its derived parts are kept unless the user asks for them to be made again. */
  readonly rederive: { readonly offered: boolean; readonly on: boolean };
  readonly targetPath: string;
}
/** Most changes one preview carries. */
export const CHANGE_LIMIT = 2000;
