/** Model turns: what a model transcript tells of each call of a model, without its long texts. */

/** Where a line is read again: in the transcript's own file, or in the event log. */
export interface LineRef {
  /** Counted from 1; of the event log the event's id as far as a number holds it, for people. */
  readonly line: number;
  /** Bytes from the file's start, and how many; 0 for an event of the log. */
  readonly offset: number;
  readonly length: number;
  /** Id of the event where the line came from the event log; null for a line of the file. */
  readonly event: bigint | null;
}

/** A call of a tool that the model asked for. */
export interface TurnToolCall {
  readonly id: string | null;
  readonly name: string;
}

/** A failed try. */
export interface TurnError {
  readonly ref: LineRef;
  readonly timestamp: string;
  /** Counted from 0 by the runtime; null where it does not say. */
  readonly attempt: number | null;
  /** `retrying`, `retries_exhausted`, `error`, or what a later runtime says. */
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** Something else told of a turn: how it was routed, that an empty answer was asked for anew, that the way tools are told changed. */
export interface TurnNote {
  readonly ref: LineRef;
  readonly type: string;
}

/** What the answer tells. Counts are null where the line has none, or none that can be read. */
export interface TurnAnswer {
  readonly ref: LineRef;
  readonly timestamp: string;
  readonly tokensIn: number | null;
  readonly tokensOut: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  /** US dollars; null where the line has none, and where 0 stands beside tokens that were used: the runtime writes 0 for "no price known". */
  readonly costUsd: number | null;
  /** Milliseconds. */
  readonly responseMs: number | null;
  readonly stopReason: string;
  /** Beginning of what the model said. */
  readonly head: string;
  /** UTF-16 units. */
  readonly textLength: number;
  readonly toolCallCount: number;
  /** The first of them. */
  readonly toolCalls: readonly TurnToolCall[];
  /** UTF-16 units of what the model thought; null when it did not, or when that was not kept. */
  readonly thinkingLength: number | null;
}

/** One call of a model: the request, and the answer or the errors that came of it. Grows while lines are read. */
export interface ModelTurn {
  /** Unique in its transcript and the same when it is read again: the call id, and where that comes again a number behind it. */
  readonly key: string;
  readonly callId: string | null;
  /** Null when only the answer is told. */
  readonly request: LineRef | null;
  /** When it was asked, as written; of a turn without request empty. */
  readonly requestedAt: string;
  /** The session of the last message before it. Null when none was told. */
  readonly sessionId: string | null;
  /** Messages of that session since the turn before. */
  readonly messages: readonly LineRef[];
  /** The system prompt and the tools that were told last. */
  readonly systemPrompt: LineRef | null;
  readonly toolSchemas: LineRef | null;
  readonly toolsOffered: number | null;
  readonly iteration: number | null;
  /** A run's spans are counted anew in nested runs: a hint, not a key. */
  readonly spanId: bigint | null;
  readonly model: string;
  readonly provider: string;
  readonly answer: TurnAnswer | null;
  readonly errors: readonly TurnError[];
  readonly notes: readonly TurnNote[];
  /** The turn that tried this one again, and the one this is a new try of. */
  readonly retriedBy: ModelTurn | null;
  readonly retryOf: ModelTurn | null;
}

/** What happened to a daemon. */
export interface DaemonLine {
  readonly ref: LineRef;
  readonly timestamp: string;
  readonly daemonId: string;
  readonly name: string;
  readonly kind: string;
  readonly summary: string;
  readonly persistPath: string;
}

/** A line of a type that is not known. */
export interface OtherLine {
  readonly ref: LineRef;
  /** Empty when the line says none. */
  readonly type: string;
  readonly timestamp: string;
}

export type SidecarFaultKind = "notJson" | "notUtf8" | "tooLong";

/** Lines that cannot be read, or not wholly. */
export interface SidecarFaults {
  readonly kind: SidecarFaultKind;
  readonly count: number;
  /** The first of them. */
  readonly lines: readonly number[];
}
