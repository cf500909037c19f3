import type { JsonSlice } from "../json/JsonSlice.ts";

/** One event of a topic (event log format, event model). */
export interface LogEvent {
  /** Number within its topic; the first is 1. */
  readonly id: bigint;
  readonly kind: string;
  /** The payload as it is stored. */
  readonly payload: JsonSlice;
  readonly headers: ReadonlyMap<string, string>;
  /** Unix time in milliseconds. */
  readonly occurredAtMs: bigint;
}

/** What a strict read gives: events, or the runtime's words (without its `Runtime error: `). */
export type LogRead = { readonly ok: true; readonly events: readonly LogEvent[] } | LogFailure;

export interface LogFailure {
  readonly ok: false;
  readonly message: string;
}
