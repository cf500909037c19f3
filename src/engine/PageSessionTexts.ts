import type { Tape } from "../json/Tape.ts";
import type { PageAnswers } from "../protocol/page.ts";
import { textLength, textSlice } from "../view/longText.ts";
import type { TextFormat, TextMark } from "../view/longText.ts";

/** A long text somebody reads on in: where the last slice ended, so that the next one need not count from the beginning. */
interface OpenText {
  readonly length: number;
  end: TextMark;
}

/** Texts kept at hand at most. */
const OPEN_LIMIT = 16;

/** Slices of long texts of one tape, by node. */
export class PageSessionTexts {
  readonly #tape: Tape;
  readonly #open = new Map<string, OpenText>();

  constructor(tape: Tape) {
    this.#tape = tape;
  }

  /** At most `length` UTF-16 units from about `start`, cut at code points; nothing for a node that does not exist or is no string. */
  slice(ref: number, format: TextFormat, start: number, length: number): PageAnswers["text"] {
    const tape = this.#tape;
    const exists = Number.isInteger(ref) && ref >= 0 && ref < tape.nodeCount;
    if (!exists || (format === "string" && tape.kind(ref) !== "string")) return { start: 0, text: "", length: 0 };
    const key = `${format} ${ref}`;
    let open = this.#open.get(key);
    if (open === undefined) {
      open = { length: textLength(tape, ref, format), end: { unit: 0, byte: tape.start(ref) + (format === "string" ? 1 : 0) } };
      if (this.#open.size >= OPEN_LIMIT) this.#open.delete(this.#open.keys().next().value ?? "");
      this.#open.set(key, open);
    }
    const from = Math.max(0, Math.min(Math.trunc(start) || 0, open.length));
    const { text, from: begin, to } = textSlice(tape, ref, format, from, Math.max(0, Math.trunc(length) || 0), open.end);
    open.end = to;
    return { start: begin.unit, text, length: open.length };
  }
}
