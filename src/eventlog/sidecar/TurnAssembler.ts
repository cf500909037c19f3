import type { JsonSlice } from "../../json/JsonSlice.ts";
import { scan } from "../../json/scan.ts";
import { stringMember } from "../../record/sliceAccess.ts";
import type {
  DaemonLine,
  LineRef,
  ModelTurn,
  OtherLine,
  SidecarFaultKind,
  SidecarFaults,
  TurnAnswer,
  TurnError,
  TurnNote,
} from "./ModelTurn.ts";
import { readAnswer, readError, readRequest, schemaCount, textHead } from "./readLine.ts";
import { SIDECAR_LINES } from "./sidecarLines.ts";

/** A turn while it is put together. */
type Turn = { -readonly [K in keyof Omit<ModelTurn, "messages" | "errors" | "notes" | "retriedBy" | "retryOf">]: ModelTurn[K] } & {
  messages: LineRef[];
  errors: TurnError[];
  notes: TurnNote[];
  retriedBy: Turn | null;
  retryOf: Turn | null;
};

/** Most line numbers kept of one kind of fault. */
const FAULT_LINES = 20;
/** Sessions whose messages are waiting for a turn. */
const SESSION_LIMIT = 10_000;
const NOTHING: LineRef[] = [];

/**
 * Puts the lines of a model transcript together to turns, in the order in which they come (run logs format, rebuilding calls): a request
 * opens a turn, the answer and the errors with its call id belong to it. No text is kept but beginnings.
 */
export class TurnAssembler {
  readonly #turns: Turn[] = [];
  readonly #daemon: DaemonLine[] = [];
  readonly #others: OtherLine[] = [];
  readonly #faults = new Map<SidecarFaultKind, { kind: SidecarFaultKind; count: number; lines: number[] }>();
  /** The turn last opened under a call id, and how often the id was met. */
  readonly #byCallId = new Map<string, { turn: Turn; times: number }>();
  readonly #keys = new Set<string>();
  /** By session, messages that no turn took up yet. */
  readonly #waiting = new Map<string, LineRef[]>();
  /** By span, the turn that failed last and is to be tried again. */
  readonly #retrying = new Map<string, Turn>();
  /** Told before the request they are about. */
  #early: TurnNote[] = [];
  #sessionId: string | null = null;
  #systemPrompt: LineRef | null = null;
  #toolSchemas: LineRef | null = null;
  #schemaCount: number | null = null;
  #lines = 0;

  /** In the order of their first lines. */
  get turns(): readonly ModelTurn[] {
    return this.#turns;
  }

  get daemonLines(): readonly DaemonLine[] {
    return this.#daemon;
  }

  get others(): readonly OtherLine[] {
    return this.#others;
  }

  get faults(): readonly SidecarFaults[] {
    return [...this.#faults.values()];
  }

  /** Lines that were taken, the broken ones among them; blank ones are none. */
  get lines(): number {
    return this.#lines;
  }

  /** Takes a line's bytes; null for one that was too long to be held. */
  addLine(ref: LineRef, bytes: Uint8Array | null): void {
    if (bytes === null) {
      this.#lines++;
      this.#fault("tooLong", ref);
      return;
    }
    if (isBlank(bytes)) return;
    const tape = scan(bytes);
    if (tape.error !== undefined || tape.kind(0) !== "object") {
      this.#lines++;
      this.#fault("notJson", ref);
      return;
    }
    if (tape.invalidUtf8At !== -1) this.#fault("notUtf8", ref);
    this.add(ref, { tape, node: 0 });
  }

  /** Takes a line that was read already. */
  add(ref: LineRef, slice: JsonSlice): void {
    this.#lines++;
    const type = stringMember(slice, "type") ?? "";
    switch (type) {
      case "message":
        this.#message(ref, slice);
        return;
      case "system_prompt":
        this.#systemPrompt = ref;
        return;
      case "tool_schemas":
        this.#toolSchemas = ref;
        this.#schemaCount = schemaCount(slice);
        return;
      case "provider_call_request":
        this.#request(ref, slice);
        return;
      case "provider_call_response":
        this.#response(ref, slice);
        return;
      case "provider_call_error":
        this.#error(ref, slice);
        return;
      case "routing_decision":
      case "empty_completion_retry":
      case "tool_format_degrade":
        this.#note({ ref, type }, stringMember(slice, "call_id"));
        return;
      case "daemon_event":
        this.#daemon.push({
          ref,
          timestamp: textHead(stringMember(slice, "timestamp")),
          daemonId: textHead(stringMember(slice, "daemon_id")),
          name: textHead(stringMember(slice, "name")),
          kind: textHead(stringMember(slice, "kind")),
          summary: textHead(stringMember(slice, "payload_summary")),
          persistPath: textHead(stringMember(slice, "persist_path")),
        });
        return;
      default:
        if (!SIDECAR_LINES.has(type)) {
          this.#others.push({ ref, type: textHead(type), timestamp: textHead(stringMember(slice, "timestamp")) });
        }
    }
  }

  #message(ref: LineRef, slice: JsonSlice): void {
    const session = stringMember(slice, "session_id");
    if (session === null || session === "") return;
    this.#sessionId = session;
    const waiting = this.#waiting.get(session);
    if (waiting !== undefined) waiting.push(ref);
    else if (this.#waiting.size < SESSION_LIMIT) this.#waiting.set(session, [ref]);
  }

  #request(ref: LineRef, slice: JsonSlice): void {
    const facts = readRequest(slice);
    const session = this.#sessionId;
    const messages = session === null ? NOTHING : (this.#waiting.get(session) ?? NOTHING);
    if (session !== null) this.#waiting.delete(session);
    // Where tools are described in the prompt, none are offered natively.
    const offered = facts.nativeToolCount === 0 && facts.toolFormat !== "native" ? this.#schemaCount : facts.nativeToolCount;
    const turn = this.#open(facts.callId, ref, {
      request: ref,
      requestedAt: facts.requestedAt,
      sessionId: session,
      messages: [...messages],
      toolsOffered: offered ?? this.#schemaCount,
      iteration: facts.iteration,
      spanId: facts.spanId,
      model: facts.model,
      provider: facts.provider,
    });
    turn.notes = this.#early;
    this.#early = [];
    const span = facts.spanId === null ? null : String(facts.spanId);
    const before = span === null ? undefined : this.#retrying.get(span);
    if (span === null || before === undefined) return;
    this.#retrying.delete(span);
    if (before.answer !== null || before.sessionId !== session) return;
    before.retriedBy = turn;
    turn.retryOf = before;
  }

  #response(ref: LineRef, slice: JsonSlice): void {
    const { callId, iteration, spanId, model, provider, answer } = readAnswer(slice, ref);
    const known = callId === null ? undefined : this.#byCallId.get(callId)?.turn;
    // A second answer to a call is told as one of its own: which of the two counted is not known.
    const turn =
      known?.answer === null ? known : this.#open(callId, ref, { request: null, requestedAt: "", iteration, spanId, model, provider });
    turn.answer = answer;
    // The request names what was asked for, the answer who truly answered.
    if (model !== "") turn.model = model;
    if (provider !== "") turn.provider = provider;
  }

  #error(ref: LineRef, slice: JsonSlice): void {
    const { callId, model, provider, error } = readError(slice, ref);
    const known = callId === null ? undefined : this.#byCallId.get(callId)?.turn;
    const turn = known ?? this.#open(callId, ref, { request: null, requestedAt: "", model, provider });
    turn.errors.push(error);
    if (error.status === "retrying" && turn.spanId !== null) this.#retrying.set(String(turn.spanId), turn);
  }

  /** Belongs to the turn of its call id; without one to the turn that is open, else to the next. */
  #note(note: TurnNote, callId: string | null): void {
    const last = this.#turns.at(-1);
    const turn = callId === null || callId === "" ? (last?.answer === null ? last : undefined) : this.#byCallId.get(callId)?.turn;
    if (turn !== undefined) turn.notes.push(note);
    else this.#early.push(note);
  }

  #open(callId: string | null, ref: LineRef, facts: Partial<Turn>): Turn {
    const times = callId === null ? 1 : (this.#byCallId.get(callId)?.times ?? 0) + 1;
    const turn: Turn = {
      key: this.#newKey(callId ?? `line:${ref.event ?? ref.line}`, times),
      callId,
      request: null,
      requestedAt: "",
      sessionId: this.#sessionId,
      messages: [],
      systemPrompt: this.#systemPrompt,
      toolSchemas: this.#toolSchemas,
      toolsOffered: this.#schemaCount,
      iteration: null,
      spanId: null,
      model: "",
      provider: "",
      answer: null as TurnAnswer | null,
      errors: [],
      notes: [],
      retriedBy: null,
      retryOf: null,
      ...facts,
    };
    if (callId !== null) this.#byCallId.set(callId, { turn, times });
    this.#turns.push(turn);
    return turn;
  }

  /** A key no other turn has, whatever the call ids are. */
  #newKey(name: string, times: number): string {
    let key = times === 1 ? name : `${name}~${times}`;
    while (this.#keys.has(key)) key += "~";
    this.#keys.add(key);
    return key;
  }

  #fault(kind: SidecarFaultKind, { line }: LineRef): void {
    const known = this.#faults.get(kind);
    if (known === undefined) this.#faults.set(kind, { kind, count: 1, lines: [line] });
    else {
      known.count++;
      if (known.lines.length < FAULT_LINES) known.lines.push(line);
    }
  }
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
