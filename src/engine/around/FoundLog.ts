import type { LogView } from "../../eventlog/LogView.ts";
import type { SourceNote } from "../../view/tables.ts";

/** The event log of a record: what was found, where, and why nothing else. */
export interface FoundLog {
  readonly state: SourceNote["state"];
  readonly backend: "file" | "sqlite" | null;
  /** Absolute, symbolic links followed. Null when there is none. */
  readonly path: string | null;
  /** For people: relative to the base folder where it lies below it. */
  readonly shown: string | null;
  /** What was found or why not, where was looked, and what can be done. */
  readonly note: string;
  /** Open for reading; null unless `found` or `empty`. Whoever asked for it closes it. */
  readonly view: LogView | null;
}

/** The log as the page names it. */
export function logSource(found: FoundLog | null): SourceNote {
  if (found === null) return { state: "absent", what: "event log", path: null, note: "The event log is being looked for.", offer: null };
  const offer = found.state === "outside" ? "allowLog" : found.state === "found" || found.state === "empty" ? null : "logSettings";
  return { state: found.state, what: "event log", path: found.shown, note: found.note, offer };
}
