import type { LogFailure, LogRead } from "./LogEvent.ts";

/** An event to be appended. */
export interface NewEvent {
  readonly kind: string;
  /** Compact JSON, keys sorted by their bytes. */
  readonly payload: Uint8Array;
  readonly headers: ReadonlyMap<string, string>;
}

/** An event log as the runtime reads and writes it, whatever it is stored in. No call rejects. */
export interface EventLog {
  readonly backend: "file" | "sqlite";
  /**
   * Events with an id above `from`, in the backend's own order and with its own way of counting (event log format, one view over all
   * backends). One bad event fails the read of a topic file, and that of a database once it is reached.
   */
  readRange(topic: string, from: bigint, limit: number): Promise<LogRead>;
  /** The names of all topics that hold something, sorted by their bytes. */
  topics(): Promise<{ readonly ok: true; readonly topics: readonly string[] } | LogFailure>;
  /** Appends one event with the headers of its provenance, and answers its id. */
  append(topic: string, event: NewEvent): Promise<{ readonly ok: true; readonly id: bigint } | LogFailure>;
  close(): Promise<void>;
}
