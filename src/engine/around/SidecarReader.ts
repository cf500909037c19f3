import { scan } from "../../json/scan.ts";
import type { Tape } from "../../json/Tape.ts";
import { LineSplitter } from "../../eventlog/LineSplitter.ts";
import type { SplitLine } from "../../eventlog/LineSplitter.ts";
import type { LineRef } from "../../eventlog/sidecar/ModelTurn.ts";
import { TurnAssembler } from "../../eventlog/sidecar/TurnAssembler.ts";
import { llmTranscriptSidecarPath } from "../../record/llmTranscriptSidecarPath.ts";
import type { SourceNote } from "../../view/tables.ts";
import { describeCause, EngineFault } from "../EngineFault.ts";
import { sameBytes } from "../sameBytes.ts";
import type { AroundContext } from "./AroundPart.ts";

/** Bytes read at a time: other requests get in between. */
const CHUNK_BYTES = 1 << 20;
/** Bytes of a file's beginning and of what was read last: where they differ, the file is another one. */
const MARK_BYTES = 256;

/** What there is of the file so far. */
interface Reading {
  readonly path: string;
  readonly assembler: TurnAssembler;
  readonly splitter: LineSplitter;
  /** Bytes taken. */
  position: number;
  /** The file's first bytes, and the last that were taken. */
  head: Uint8Array;
  tail: Uint8Array;
  /** How the file looked when reading began. */
  size: number;
  changedMs: number;
  /** A whole last line without line end that was taken already: where it begins, and its length. */
  taken: { readonly offset: number; readonly length: number } | null;
  /** Number of a last line that is not whole. */
  unfinished: number | null;
}

/**
 * Reads the model transcript beside a record, piece by piece, and then what is appended to it. A file that shrank or was replaced is read
 * anew. Nothing is kept but what the assembler makes of the lines.
 */
export class SidecarReader {
  readonly #context: AroundContext;
  readonly #changed: (what: "grew" | "done" | "restarted") => void;
  #reading: Reading | null = null;
  #busy = false;
  #state: SourceNote["state"] = "absent";
  #note = "The model transcript is being looked for.";

  /** `changed` is told after each piece, at the end of what there is, and when the file is read anew. */
  constructor(context: AroundContext, changed: (what: "grew" | "done" | "restarted") => void) {
    this.#context = context;
    this.#changed = changed;
  }

  /** Null until the file was found. */
  get assembler(): TurnAssembler | null {
    return this.#reading?.assembler ?? null;
  }

  get state(): SourceNote["state"] {
    return this.#state;
  }

  get source(): SourceNote {
    return { state: this.#state, what: "model transcript", path: this.#shownPath(), note: this.#note, offer: null };
  }

  /** Number of the last line where it is not whole. */
  get unfinished(): number | null {
    return this.#reading?.unfinished ?? null;
  }

  get progress(): { readonly done: number; readonly total: number } | null {
    return this.#busy && this.#reading !== null && this.#reading.position < this.#reading.size
      ? { done: this.#reading.position, total: this.#reading.size }
      : null;
  }

  /** Looks at the file and reads the first piece of what is new; the rest goes on behind. Never rejects. */
  async look(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    let more = false;
    try {
      more = (await this.#begin()) && (await this.#step());
    } catch (cause) {
      this.#fail(cause);
    }
    if (more) void this.#rest();
    else this.#busy = false;
  }

  /** A line of the file once more; null where it is not there any more. Never rejects. */
  async readLine({ offset, length }: LineRef): Promise<Tape | null> {
    const path = this.#reading?.path;
    if (path === undefined) return null;
    try {
      const bytes = await this.#context.ports.readRange(path, offset, length, this.#context.signal);
      const tape = bytes.length === length ? scan(bytes) : null;
      return tape === null || tape.error !== undefined || tape.kind(0) !== "object" ? null : tape;
    } catch {
      return null;
    }
  }

  /** Finds the file and what of it was read before; false when there is nothing to read. */
  async #begin(): Promise<boolean> {
    const { ports, place } = this.#context;
    const wanted = sidecarPath(place.path);
    if (wanted === null) return this.#without("absent", "The record's file name leads to no model transcript.");
    const { path, presence, note } = await ports.resolveStoredPath(wanted, place);
    if (presence === "outside") return this.#without("outside", `The model transcript ${note.replace(/^“[^”]*” /, "")}`);
    if (presence === "unreadable") return this.#without("unreadable", `The model transcript ${note.replace(/^“[^”]*” /, "")}`);
    if (presence !== "present" || path === null) {
      return this.#without("absent", `There is no model transcript beside the record: ${this.#shownPath() ?? "it"} is not there.`);
    }
    const look = await ports.lookAt(path);
    if (look === null) return this.#without("unreadable", "The model transcript cannot be looked at.");
    const before = this.#reading;
    if (before?.path === path && before.size === look.size && before.changedMs === look.changedMs && this.#state !== "unreadable")
      return false;
    const goesOn = before !== null && (await this.#isSame(before, path, look.size));
    this.#state = look.size === 0 ? "empty" : "found";
    this.#note =
      look.size === 0 ? "The model transcript is there, and empty." : "The conversation with the models, kept beside the record.";
    if (goesOn) {
      before.size = look.size;
      before.changedMs = look.changedMs;
    } else {
      this.#reading = newReading(path, look.size, look.changedMs);
      this.#changed("restarted");
    }
    return true;
  }

  #without(state: SourceNote["state"], note: string): false {
    const had = this.#reading !== null;
    const other = this.#state !== state || this.#note !== note;
    this.#reading = null;
    this.#state = state;
    this.#note = note;
    if (had) this.#changed("restarted");
    if (had || other) this.#changed("done");
    return false;
  }

  /** Whether the file still begins as it did, and still holds what was taken last. */
  async #isSame(reading: Reading, path: string, size: number): Promise<boolean> {
    if (reading.path !== path || size < reading.position) return false;
    const { ports, signal } = this.#context;
    const head = await ports.readRange(path, 0, reading.head.length, signal);
    const tail = await ports.readRange(path, reading.position - reading.tail.length, reading.tail.length, signal);
    return sameBytes(head, reading.head) && sameBytes(tail, reading.tail);
  }

  /** Takes the next piece; false at the end of what there is. */
  async #step(): Promise<boolean> {
    const { ports, signal } = this.#context;
    const reading = this.#reading;
    if (reading === null || signal.aborted) return false;
    const chunk = await ports.readRange(reading.path, reading.position, CHUNK_BYTES, signal);
    if (reading.head.length < MARK_BYTES) reading.head = joined(reading.head, chunk.subarray(0, MARK_BYTES - reading.head.length));
    reading.tail = chunk.length >= MARK_BYTES ? chunk.slice(-MARK_BYTES) : joined(reading.tail, chunk).slice(-MARK_BYTES);
    reading.position += chunk.length;
    for (const line of reading.splitter.push(chunk)) {
      if (!this.#take(reading, line)) return this.#startOver();
    }
    if (chunk.length === CHUNK_BYTES) {
      this.#changed("grew");
      return true;
    }
    this.#takeRest(reading);
    this.#busy = false;
    this.#changed("done");
    return false;
  }

  async #rest(): Promise<void> {
    try {
      do await this.#context.ports.pause();
      while (await this.#step());
    } catch (cause) {
      this.#fail(cause);
    }
    this.#busy = false;
  }

  /** False when the line is one that was taken before it was whole, as another one. */
  #take(reading: Reading, line: SplitLine): boolean {
    const { taken } = reading;
    if (taken?.offset === line.offset) {
      reading.taken = null;
      return taken.length === line.length;
    }
    reading.assembler.addLine(refOf(line), line.bytes);
    return true;
  }

  /** A last line without line end: taken where it is whole, else kept for later. */
  #takeRest(reading: Reading): void {
    const rest = reading.splitter.rest();
    reading.unfinished = null;
    if (rest === null || reading.taken?.offset === rest.offset) return;
    const tape = rest.bytes === null ? null : scan(rest.bytes);
    if (tape !== null && tape.error === undefined && tape.kind(0) === "object") {
      reading.taken = { offset: rest.offset, length: rest.length };
      reading.assembler.addLine(refOf(rest), rest.bytes);
    } else if (tape === null || tape.bytes.some((byte) => byte > 0x20)) reading.unfinished = rest.number;
  }

  #startOver(): boolean {
    const { path, size, changedMs } = this.#reading ?? { path: "", size: 0, changedMs: 0 };
    this.#reading = newReading(path, size, changedMs);
    this.#changed("restarted");
    return true;
  }

  #fail(cause: unknown): void {
    if (this.#context.signal.aborted) return;
    this.#busy = false;
    this.#state = "unreadable";
    const known = cause instanceof EngineFault;
    if (!known) this.#context.ports.log("error", `The model transcript cannot be read: ${describeCause(cause)}`);
    this.#note = `The model transcript cannot be read: ${known ? cause.message : "something went wrong, see the log."}`;
    this.#changed("done");
  }

  /** Relative to the base folder where it lies below it. */
  #shownPath(): string | null {
    const path = sidecarPath(this.#context.place.path);
    const base = this.#context.place.baseFolder.replaceAll("\\", "/");
    if (path === null) return null;
    return path.replaceAll("\\", "/").startsWith(`${base}/`) ? path.slice(base.length + 1) : path;
  }
}

function newReading(path: string, size: number, changedMs: number): Reading {
  const nothing = new Uint8Array(0);
  return {
    path,
    assembler: new TurnAssembler(),
    splitter: new LineSplitter(),
    position: 0,
    head: nothing,
    tail: nothing,
    size,
    changedMs,
    taken: null,
    unfinished: null,
  };
}

/** The runtime's rule knows `/` alone. */
function sidecarPath(recordPath: string): string | null {
  return llmTranscriptSidecarPath(/^(?:[A-Za-z]:|\\\\)/.test(recordPath) ? recordPath.replaceAll("\\", "/") : recordPath);
}

function refOf({ number, offset, length }: SplitLine): LineRef {
  return { line: number, offset, length, event: null };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
