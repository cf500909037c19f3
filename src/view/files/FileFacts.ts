/** What is known of a file that the record names or that lies beside it. */
import type { FilePresence } from "../types.ts";

/**
 * What a file is to the record, in the order of the table. A weak role says only where the file is named: it is left out where another
 * role says what the file is.
 */
export const FILE_ROLES = {
  record: { label: "run record", order: 0, icon: "notebook", weak: false },
  persisted: { label: "persisted path", order: 1, icon: "notebook", weak: true },
  sidecar: { label: "model transcript", order: 2, icon: "comment-discussion", weak: false },
  transcript: { label: "transcript", order: 3, icon: "comment-discussion", weak: true },
  log: { label: "event log", order: 4, icon: "database", weak: false },
  childRecord: { label: "child record", order: 5, icon: "type-hierarchy-sub", weak: false },
  snapshot: { label: "worker snapshot", order: 6, icon: "device-camera", weak: false },
  daemon: { label: "daemon state", order: 7, icon: "server-process", weak: false },
  sessionLog: { label: "session log", order: 8, icon: "comment", weak: false },
  parentRecord: { label: "parent record", order: 9, icon: "type-hierarchy-super", weak: false },
  rootRecord: { label: "root record", order: 10, icon: "type-hierarchy-super", weak: false },
  version: { label: "same run", order: 11, icon: "versions", weak: false },
  fixture: { label: "replay fixture", order: 12, icon: "beaker", weak: false },
  suite: { label: "eval suite", order: 13, icon: "checklist", weak: false },
  bundle: { label: "session bundle", order: 14, icon: "package", weak: false },
  receipt: { label: "receipt", order: 15, icon: "verified", weak: false },
  evidence: { label: "handoff evidence", order: 16, icon: "file", weak: false },
} as const;
export type FileRole = keyof typeof FILE_ROLES;

/** A place that names a file. */
export interface NamedBy {
  /** For people: a stage's or worker's name and what of it, or where the file was found. */
  readonly text: string;
  /** The path of the text in the record's JSON; empty where the record does not name the file. */
  readonly jsonPath: string;
  /** Row of the tree that names it. */
  readonly rowId: string | null;
}

/** What the beginning of a JSON file says of the whole. Fields it does not tell are empty. */
export interface FileHead {
  readonly type: string;
  readonly id: string;
  readonly status: string;
}

/** `unknown`: not looked at yet. */
export type FileState = FilePresence | "unknown";

/** One row of the table of files. */
export interface FileFacts {
  /** Row id: `@file:` and the text the file is first named by. */
  readonly id: string;
  /** Relative to the base folder where it lies below it, else as stored; on one line. */
  readonly shown: string;
  /** The path as the record stores it, each spelling once; none for a file found by listing a folder. */
  readonly stored: readonly string[];
  /** At least one, in the order of the table, weak ones only where there is no other. */
  readonly roles: readonly FileRole[];
  /** The first of the places that name it. */
  readonly namedBy: readonly NamedBy[];
  /** How many places name it in all. */
  readonly namedByCount: number;
  readonly state: FileState;
  readonly isFolder: boolean;
  /** Absolute; null where nothing is there. */
  readonly path: string | null;
  /** Bytes. */
  readonly size: number | null;
  /** Milliseconds since 1970. */
  readonly changedMs: number | null;
  /** A sentence about its state; empty where there is nothing to add. */
  readonly note: string;
  readonly head: FileHead | null;
}

/** The role that says best what the file is. */
export function mainRole(facts: FileFacts): FileRole {
  return facts.roles[0] ?? "evidence";
}

/** The roles without weak ones, unless there is nothing else, in the order of the table, each once. */
export function orderedRoles(roles: Iterable<FileRole>): FileRole[] {
  const all = [...new Set(roles)].sort((a, b) => FILE_ROLES[a].order - FILE_ROLES[b].order);
  const strong = all.filter((role) => !FILE_ROLES[role].weak);
  return strong.length > 0 ? strong : all;
}
