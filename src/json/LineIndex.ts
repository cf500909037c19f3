/** A place in a text. All numbers are 1-based. */
export interface TextPosition {
  line: number;
  /** In UTF-16 units, as editors count. */
  column: number;
  codePointColumn: number;
  /** In bytes; not moved when the offset is inside a character, while the other columns are those of its beginning. */
  byteColumn: number;
}

/** Bytes between two checkpoints. */
const BLOCK = 1 << 15;

/** Counts before one offset. */
interface Counts {
  lines: number;
  units: number;
  codePoints: number;
}

/**
 * Byte offsets of a UTF-8 text to lines and columns, and back. Only `\n` ends a line. Keeps running counts for every 32 KiB, not a list of
 * lines, so that it stays small for any text and a line of a hundred megabytes costs no more than a short one. Built at the first question.
 */
export class LineIndex {
  readonly #bytes: Uint8Array;
  #checkpoints: readonly Counts[] | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Where a byte stands; offsets outside of the text are moved to its ends. */
  positionAt(offset: number): TextPosition {
    const at = Math.max(0, Math.min(offset, this.#bytes.length));
    const { lines } = this.#countsAt(at);
    const lineStart = this.#startOfLine(lines);
    const from = this.#countsAt(lineStart);
    const to = this.#countsAt(this.#characterStart(at));
    return {
      line: lines + 1,
      column: to.units - from.units + 1,
      codePointColumn: to.codePoints - from.codePoints + 1,
      byteColumn: at - lineStart + 1,
    };
  }

  /** Byte offset of a line and column; a column beyond the line gives the line's end, a line beyond the text the text's end. */
  offsetAt(line: number, utf16Column: number): number {
    if (line < 1) return 0;
    if (line > this.#countsAt(this.#bytes.length).lines + 1) return this.#bytes.length;
    const lineStart = this.#startOfLine(line - 1);
    const wanted = this.#countsAt(lineStart).units + Math.max(0, utf16Column - 1);
    let at = Math.max(lineStart, this.#lastBlock((counts) => counts.units <= wanted) * BLOCK);
    let { units } = this.#countsAt(at);
    for (; at < this.#bytes.length; at++) {
      const byte = this.#bytes[at] ?? 0;
      const width = unitsOf(byte);
      // A column between the halves of a pair is that of the pair.
      if (byte === 0x0a || (width > 0 && units + width > wanted)) return at;
      units += width;
    }
    return at;
  }

  /** Offset at which the line after `lines` line ends begins. */
  #startOfLine(lines: number): number {
    if (lines === 0) return 0;
    const block = this.#lastBlock((counts) => counts.lines < lines);
    let left = lines - (this.#blocks()[block]?.lines ?? 0);
    let at = block * BLOCK;
    while (left > 0 && at < this.#bytes.length) if (this.#bytes[at++] === 0x0a) left--;
    return at;
  }

  #characterStart(offset: number): number {
    let at = offset;
    while (at > 0 && at > offset - 3 && ((this.#bytes[at] ?? 0) & 0xc0) === 0x80) at--;
    return ((this.#bytes[at] ?? 0) & 0xc0) === 0x80 ? offset : at;
  }

  #countsAt(offset: number): Counts {
    const block = Math.floor(offset / BLOCK);
    const counts = { ...(this.#blocks()[block] ?? { lines: 0, units: 0, codePoints: 0 }) };
    count(this.#bytes, block * BLOCK, offset, counts);
    return counts;
  }

  /** Last checkpoint of which `holds` is true; it must be true of the first and, once false, stay false. */
  #lastBlock(holds: (counts: Counts) => boolean): number {
    const blocks = this.#blocks();
    let low = 0;
    let high = blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      const counts = blocks[middle];
      if (counts !== undefined && holds(counts)) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #blocks(): readonly Counts[] {
    if (this.#checkpoints === undefined) {
      const checkpoints: Counts[] = [];
      const counts = { lines: 0, units: 0, codePoints: 0 };
      for (let from = 0; from <= this.#bytes.length; from += BLOCK) {
        checkpoints.push({ ...counts });
        count(this.#bytes, from, Math.min(from + BLOCK, this.#bytes.length), counts);
      }
      this.#checkpoints = checkpoints;
    }
    return this.#checkpoints;
  }
}

/** UTF-16 units a byte adds: all of a character's are counted at its first byte. */
function unitsOf(byte: number): number {
  return byte >= 0xf0 ? 2 : (byte & 0xc0) === 0x80 ? 0 : 1;
}

/** Adds what stands in `[from, to)`. */
function count(bytes: Uint8Array, from: number, to: number, counts: Counts): void {
  let lines = 0;
  let continuations = 0;
  let pairs = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x0a) lines++;
    else if (byte >= 0x80) {
      if (byte < 0xc0) continuations++;
      else if (byte >= 0xf0) pairs++;
    }
  }
  counts.lines += lines;
  counts.codePoints += to - from - continuations;
  counts.units += to - from - continuations + pairs;
}
