/** Whole lines of a file that is read piece by piece, and that may grow at its end. */

/** A line of a file. */
export interface SplitLine {
  /** Counted from 1. */
  readonly number: number;
  /** Bytes from the file's start. */
  readonly offset: number;
  /** Bytes without the line end. A carriage return before it is the line's own: white space to JSON. */
  readonly length: number;
  /**
   * The line without its end; null when it is longer than the splitter's limit. A view of the chunk it came in where it lay in one: copy it
   * to keep it longer than the chunk.
   */
  readonly bytes: Uint8Array | null;
  /** A newline followed: nobody is writing the line any more. */
  readonly ended: boolean;
  readonly tooLong: boolean;
}

/** A place between two lines. */
export interface LinePosition {
  /** Bytes from the file's start. */
  readonly offset: number;
  /** Number of the line that begins there, counted from 1. */
  readonly line: number;
}

/** Longer lines are passed over: 64 MB. */
export const LINE_LIMIT_BYTES = 64 << 20;

const NEWLINE = 0x0a;

/**
 * Splits a file into lines. `push` takes its bytes in order and gives the lines that ended in them; the beginning of the next is kept until
 * its end comes. A line above the limit is counted and told, but not held. The same lines come of any chunking.
 */
export class LineSplitter {
  readonly #limit: number;
  #offset: number;
  #line: number;
  /** What there is of the line that has no end yet. */
  #parts: Uint8Array[] = [];
  #length = 0;

  /** `from`: where the first chunk begins, a line's first byte; the file's start unless told. `limit`: bytes of the longest line that is given. */
  constructor(from: LinePosition = { offset: 0, line: 1 }, limit = LINE_LIMIT_BYTES) {
    this.#offset = from.offset;
    this.#line = from.line;
    this.#limit = limit;
  }

  /** The first byte that is no part of a line that ended: reading goes on from here later. */
  get position(): LinePosition {
    return { offset: this.#offset, line: this.#line };
  }

  /** Bytes behind `position` that were taken already: the beginning of a line. */
  get pending(): number {
    return this.#length;
  }

  /** Takes the file's next bytes. The chunk may be used anew once its lines are done with. */
  push(chunk: Uint8Array): SplitLine[] {
    const lines: SplitLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      lines.push(this.#end(chunk.subarray(start, end)));
      start = end + 1;
    }
    // A copy, whatever array type it is: the chunk is not ours (`slice` of a Node buffer gives a view).
    if (start < chunk.length) this.#keep(new Uint8Array(chunk.subarray(start)));
    return lines;
  }

  /** The file's last bytes where they have no line end; null when it ends with one. They stay kept. */
  rest(): SplitLine | null {
    return this.#length === 0 ? null : this.#lineNow(false);
  }

  #keep(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length > this.#limit) this.#parts = [];
    else this.#parts.push(part);
  }

  #end(last: Uint8Array): SplitLine {
    if (this.#length === 0 && last.length <= this.#limit) this.#parts = [last];
    else if (this.#length + last.length > this.#limit) this.#parts = [];
    else this.#parts.push(last);
    this.#length += last.length;
    const line = this.#lineNow(true);
    this.#offset += line.length + 1;
    this.#line++;
    this.#parts = [];
    this.#length = 0;
    return line;
  }

  #lineNow(ended: boolean): SplitLine {
    const tooLong = this.#length > this.#limit;
    const bytes = tooLong ? null : this.#joined();
    return { number: this.#line, offset: this.#offset, length: this.#length, bytes, ended, tooLong };
  }

  #joined(): Uint8Array {
    const [first = new Uint8Array(0)] = this.#parts;
    if (this.#parts.length <= 1) return first;
    const joined = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      joined.set(part, at);
      at += part.length;
    }
    // Kept joined, so that asking again, and growing on, does not join the same bytes twice.
    this.#parts = [joined];
    return joined;
  }
}
