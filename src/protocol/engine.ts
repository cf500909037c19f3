/**
 * The wire between the extension host and the engine (a worker thread; in the web host the same code in-process).
 * One request, one answer; no record, tape or row list ever crosses, only windows and prepared bytes for saving.
 */
import type { AroundView } from "../view/tables.ts";
import type { ChildCard, OpenedView, SaveFidelity, SaveOperation, SavePreview } from "../view/types.ts";
import type { PageAnswer, PageRequest, PageState, UserError } from "./page.ts";

/** Where a record lies, and the folders against which the paths in it are tried, in this order: all absolute. */
export interface RecordPlace {
  readonly path: string;
  /** Nearest folder above that holds `.harn-runs`, else `.harn`; else the workspace folder; else the record's folder. */
  readonly baseFolder: string;
  readonly workspaceFolder: string | null;
  /** The record lies on a file system that only the host can read: its paths name nothing on this machine's disk. */
  readonly virtual?: true;
}

/** Which event log is to be used, by the settings `runRecord.eventLog.*`. */
export interface LogChoice {
  /** `auto`: the SQLite log where there is one, else the file log; `none`: no log is read or written. */
  readonly backend: "auto" | "sqlite" | "file" | "none";
  /** A path that replaces the search: absolute, or relative to the base folder. */
  readonly path: string | null;
  /** The real paths of logs outside of the workspace that the user allowed to be read. */
  readonly allowed: readonly string[];
  /** Why there is none, as a sentence, where that is not for the setting. */
  readonly reason?: string;
}
export const DEFAULT_LOG_CHOICE: LogChoice = { backend: "auto", path: null, allowed: [] };

export interface SaveChoices {
  readonly operation: SaveOperation;
  readonly fidelity: SaveFidelity;
  /** Make a later runtime's derived parts again by 0.8.135's rules. */
  readonly rederive: boolean;
  /** Absolute path the bytes will be written to. */
  readonly targetPath: string;
  /** What goes into `persisted_path`; null where the operation does not set it (normalize). */
  readonly persistedPath: string | null;
}

export type EngineRequest =
  /** Reads the file (or `content`, when it is no plain file on this machine, or a backup) and answers with the first view. */
  | {
      readonly kind: "open";
      readonly doc: string;
      readonly place: RecordPlace;
      readonly content: Uint8Array | null;
      readonly log: LogChoice;
    }
  /** Reads again; keeps the undo history only where the bytes are the same. */
  | { readonly kind: "reload"; readonly doc: string; readonly content: Uint8Array | null }
  | { readonly kind: "close"; readonly doc: string }
  /** One page on one document; a page has its own expansion. */
  | { readonly kind: "attach"; readonly doc: string; readonly page: string; readonly state: PageState | null }
  | { readonly kind: "detach"; readonly doc: string; readonly page: string }
  | { readonly kind: "page"; readonly doc: string; readonly page: string; readonly request: PageRequest }
  /** Other settings, or another permission: the log is looked for anew. */
  | { readonly kind: "setLog"; readonly doc: string; readonly log: LogChoice }
  /** Looks whether sidecar, log and neighbours changed; what did is read on and told by an `around` message. */
  | { readonly kind: "look"; readonly doc: string }
  /** The event log outside of the workspace that waits for permission; null when none does. */
  | { readonly kind: "outsideLog"; readonly doc: string }
  /** The file a row of a table is about. */
  | { readonly kind: "besidePath"; readonly doc: string; readonly rowId: string }
  /** Appends the run's action graph to the active event log, as the runtime does on a save. Never fails the save: a failure is a value. */
  | { readonly kind: "publish"; readonly doc: string; readonly targetPath: string }
  /** Works out what a normalise or resave would do, without doing it. */
  | { readonly kind: "preview"; readonly doc: string; readonly choices: SaveChoices }
  /** The two texts of a preview, for a text diff. */
  | { readonly kind: "previewText"; readonly doc: string; readonly token: string; readonly side: "before" | "after" }
  | { readonly kind: "dropPreview"; readonly doc: string; readonly token: string }
  /** Makes a preview's bytes the document's: answers with the edit's number, for undo and redo. */
  | { readonly kind: "apply"; readonly doc: string; readonly token: string }
  /** Undo, redo, revert: makes the bytes of that edit (0 = as opened) current. */
  | { readonly kind: "goto"; readonly doc: string; readonly edit: number }
  /** Writes the current bytes atomically. `expectUnchanged`: refuse when the target no longer holds what was read. */
  | { readonly kind: "write"; readonly doc: string; readonly targetPath: string; readonly expectUnchanged: boolean }
  /** The current bytes, for file systems only the host can write. */
  | { readonly kind: "bytes"; readonly doc: string }
  /** Byte offset of a row's JSON in the document, -1 when it has none. */
  | { readonly kind: "offsetOf"; readonly doc: string; readonly rowId: string }
  /** Line and column (0-based, UTF-16) of a byte offset of the document as on disk. */
  | { readonly kind: "positionOf"; readonly doc: string; readonly offset: number }
  /** The stored path of a child's record, where it leads, and whether it stays inside. */
  | { readonly kind: "childPath"; readonly doc: string; readonly rowId: string }
  | { readonly kind: "resolvePath"; readonly doc: string; readonly stored: string }
  /** The card under a position (0-based line and UTF-16 column) of a JSON text: the saved file, or `content` when unsaved. */
  | {
      readonly kind: "hover";
      readonly place: RecordPlace;
      readonly version: number;
      readonly content: Uint8Array | null;
      readonly line: number;
      readonly character: number;
    }
  /** Newest record below the folders, by what the records say, not by name. */
  | { readonly kind: "latest"; readonly folders: readonly string[] }
  /** The record of a run, by the id it says it has, in and below the folders. */
  | { readonly kind: "findRun"; readonly folders: readonly string[]; readonly runId: string };

export interface ResolvedPath {
  readonly stored: string;
  /** Absolute. Existing where `presence` is "present"; where it is "outside", what the text leads to, not looked at; else null. */
  readonly path: string | null;
  readonly presence: "present" | "absent" | "unreadable" | "outside" | "unnamed";
  /** A sentence for the user. */
  readonly note: string;
}

export interface HoverAnswer {
  readonly card: ChildCard;
  /** 0-based, UTF-16. */
  readonly range: { readonly startLine: number; readonly startCharacter: number; readonly endLine: number; readonly endCharacter: number };
}

export interface EngineAnswers {
  open: OpenedView;
  reload: OpenedView;
  close: null;
  attach: AroundView;
  detach: null;
  page: PageAnswer;
  setLog: null;
  look: null;
  outsideLog: { readonly path: string } | null;
  besidePath: ResolvedPath;
  /** One sentence that tells what was published where, or why not. */
  publish: { readonly published: boolean; readonly message: string };
  preview: SavePreview;
  previewText: Uint8Array;
  dropPreview: null;
  apply: { readonly edit: number; readonly view: OpenedView };
  goto: OpenedView;
  write: { readonly path: string };
  bytes: Uint8Array;
  offsetOf: number;
  positionOf: { readonly line: number; readonly character: number };
  childPath: ResolvedPath;
  resolvePath: ResolvedPath;
  hover: HoverAnswer | null;
  latest: { readonly path: string } | null;
  findRun: { readonly path: string } | null;
}

/** Why a request failed: the code tells the host what to offer. */
export interface EngineError extends UserError {
  readonly code:
    "notFound" | "isFolder" | "noPermission" | "tooLarge" | "unreadable" | "refused" | "changedOnDisk" | "stale" | "cancelled" | "internal";
  /** Byte offset in the document, where the fault has a place. */
  readonly offset?: number;
}

export type ToEngine =
  { readonly type: "request"; readonly id: number; readonly request: EngineRequest } | { readonly type: "cancel"; readonly id: number };

export type FromEngine =
  | { readonly type: "answer"; readonly id: number; readonly ok: true; readonly value: EngineAnswers[EngineRequest["kind"]] }
  | { readonly type: "answer"; readonly id: number; readonly ok: false; readonly error: EngineError }
  /** Something of a document's surroundings changed. */
  | { readonly type: "around"; readonly doc: string; readonly around: AroundView }
  | { readonly type: "log"; readonly level: "info" | "warn" | "error"; readonly message: string };
