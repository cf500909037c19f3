/**
 * The wire between the extension host and the page: two closed unions, one a direction. Every request gets exactly one answer.
 * Nothing here is larger than 1 MB: rows come in windows, long text in slices.
 */
import type { AroundView, TableId, TableQuery, TableWindow } from "../view/tables.ts";
import type { ChildCard, LongText, OpenedView, ProblemView, RowDetail, RowWindow, SavePreview, TreeRow } from "../view/types.ts";

/** Most rows in one window. */
export const ROW_WINDOW_LIMIT = 500;
/** Most UTF-16 units of text in one answer. */
export const TEXT_SLICE_LIMIT = 200_000;

/** What the page asks of the engine. Each kind's answer type stands in {@link PageAnswers}. */
export type PageRequest =
  | { readonly kind: "rows"; readonly start: number; readonly count: number }
  /** Opens or closes rows; `siblings` does the same to all rows of the same parent. Answers with the new number of visible rows. */
  | { readonly kind: "expand"; readonly rowId: string; readonly expanded: boolean; readonly siblings: boolean }
  /** Where a row stands among the visible rows, opening its ancestors first; -1 when there is none. */
  | { readonly kind: "locate"; readonly rowId: string }
  /** First visible row at or after `from` (wrapping) whose label begins with `prefix`, letter case ignored; -1 when none. */
  | { readonly kind: "typeahead"; readonly prefix: string; readonly from: number }
  | { readonly kind: "detail"; readonly rowId: string }
  | { readonly kind: "card"; readonly rowId: string }
  /** More of a long text of that row's detail: `ref` from a {@link LongText}, in UTF-16 units. */
  | {
      readonly kind: "text";
      readonly rowId: string;
      readonly ref: number;
      readonly format: "string" | "json";
      readonly start: number;
      readonly length: number;
    }
  | { readonly kind: "problems"; readonly start: number; readonly count: number }
  | { readonly kind: "table"; readonly table: TableId; readonly query: TableQuery; readonly start: number; readonly count: number }
  /** Where a row stands under a query; -1 when the query leaves it out or there is none. */
  | { readonly kind: "tableLocate"; readonly table: TableId; readonly query: TableQuery; readonly rowId: string }
  /** The rows a query leaves, as text to paste: tab-separated with a head line, or a Markdown table. */
  | { readonly kind: "tableText"; readonly table: TableId; readonly query: TableQuery; readonly format: "tsv" | "markdown" };

export interface PageAnswers {
  rows: RowWindow;
  expand: { readonly total: number };
  locate: { readonly index: number; readonly row: TreeRow | null };
  typeahead: { readonly index: number; readonly row: TreeRow | null };
  detail: RowDetail | null;
  card: ChildCard | null;
  text: { readonly start: number; readonly text: string; readonly length: number };
  problems: { readonly start: number; readonly total: number; readonly problems: readonly ProblemView[] };
  table: TableWindow;
  tableLocate: { readonly index: number };
  /** `rows` of `total` are in the text: it ends at `TABLE_COPY_LIMIT`. */
  tableText: { readonly text: string; readonly rows: number; readonly total: number };
}
export type PageAnswer = PageAnswers[PageRequest["kind"]];

/** What the user did on the page that only the host can carry out. */
export type PageAction =
  | { readonly kind: "openChildRecord"; readonly rowId: string }
  | { readonly kind: "openRun"; readonly runId: string }
  | { readonly kind: "openStoredPath"; readonly path: string }
  | { readonly kind: "openAsText"; readonly offset: number | null }
  /** Opens the file a row of a table is about. */
  | { readonly kind: "openBeside"; readonly rowId: string }
  /** Asks whether the event log, which lies outside of the workspace, may be read. */
  | { readonly kind: "allowLog" }
  /** Shows the settings that say where the event log is. */
  | { readonly kind: "logSettings" }
  | { readonly kind: "copy"; readonly text: string; readonly what: string }
  | { readonly kind: "normalize" }
  | { readonly kind: "resave" }
  | { readonly kind: "confirmPreview"; readonly token: string }
  | { readonly kind: "cancelPreview"; readonly token: string }
  /** Ask for the same preview with other choices. */
  | { readonly kind: "repreview"; readonly token: string; readonly rederive: boolean; readonly fidelity: "lossless" | "runtime" }
  | { readonly kind: "diffPreview"; readonly token: string }
  | { readonly kind: "reload" }
  | { readonly kind: "showLog" };

/** What the page shows beside the head of the run. */
export type ViewId = "tree" | TableId | "problems";

/** Remembered over hiding, reload and restart. */
export interface PageState {
  readonly version: 1;
  readonly selected: string | null;
  readonly expanded: readonly string[];
  readonly collapsed: readonly string[];
  readonly scrollTop: number;
  readonly detailWidth: number | null;
  readonly view: ViewId;
  /** The selected row and the query of each table that was used. */
  readonly tables: Readonly<Partial<Record<TableId, { readonly selected: string | null; readonly query: TableQuery }>>>;
}

export type ToHost =
  /** The first message: nothing is posted to the page before it. */
  | { readonly type: "ready"; readonly state: PageState | null }
  | { readonly type: "request"; readonly id: number; readonly request: PageRequest }
  | { readonly type: "action"; readonly action: PageAction }
  /** The selected row, for commands that work on it (Reveal in JSON). */
  | { readonly type: "selected"; readonly rowId: string | null }
  /** An uncaught fault of the page's script, for the log. */
  | { readonly type: "fault"; readonly message: string };

/** A sentence for the user, and what the log keeps. */
export interface UserError {
  readonly message: string;
  readonly detail?: string;
}

export type ToPage =
  | { readonly type: "answer"; readonly id: number; readonly ok: true; readonly value: PageAnswer }
  | { readonly type: "answer"; readonly id: number; readonly ok: false; readonly error: UserError }
  | { readonly type: "loading"; readonly fileName: string; readonly byteLength: number }
  | { readonly type: "opened"; readonly view: OpenedView }
  /** The record's surroundings, after `opened` and each time something of them changed. */
  | { readonly type: "around"; readonly around: AroundView }
  | { readonly type: "failed"; readonly error: UserError }
  | { readonly type: "preview"; readonly preview: SavePreview }
  | { readonly type: "previewBusy"; readonly what: string }
  /** The runtime (or the text itself) refuses: the sentence, and the place in the text. */
  | { readonly type: "previewRefused"; readonly error: UserError; readonly offset: number | null }
  | { readonly type: "previewClosed" }
  | { readonly type: "select"; readonly rowId: string }
  | { readonly type: "dirty"; readonly dirty: boolean };

export type { LongText };
