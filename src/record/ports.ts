/** What the record functions need from the world; the pure core has no clock, no files and no randomness of its own. */
import type { RunHitlQuestionRecord } from "./types.ts";

/** The model transcript beside a record. Absent, unreadable and empty are three different things. */
export interface Sidecar {
  /** Something lies at the path, a folder included. */
  readonly exists: boolean;
  /** Null when absent or unreadable. */
  readonly bytes: Uint8Array | null;
}

export const NO_SIDECAR: Sidecar = { exists: false, bytes: null };

/** The event log in which questions put to people are kept. */
export interface ActiveEventLog {
  /** The questions of one run in the order of the log. Never rejects: a log that cannot be read has none. */
  questionsOf(runId: string): Promise<readonly RunHitlQuestionRecord[]>;
}

export interface RecordPorts {
  /** Unix time in whole seconds as text: what the runtime's `nowRfc3339` gives, despite its name. */
  now(): string;
  /** A UUID version 7, lower case with hyphens. */
  newUuid(): string;
  /** The sidecar at a path made by `llmTranscriptSidecarPath`, relative to where the runtime would run. Never rejects. */
  readSidecar(path: string): Promise<Sidecar>;
  /** Null where no event log is active. */
  readonly activeLog: ActiveEventLog | null;
}

/** A new id with one of the runtime's prefixes: `run`, `fixture`, `handoff`, `artifact`. */
export function newId(prefix: "run" | "fixture" | "handoff" | "artifact", ports: Pick<RecordPorts, "newUuid">): string {
  return `${prefix}_${ports.newUuid()}`;
}
