import type { Tape } from "../../json/Tape.ts";
import { sectionsOfTape } from "../textRef.ts";
import type { DetailSection } from "../types.ts";

/** The JSON texts of one detail, and its sections so far: a section's long texts are counted to the text they come from. */
export class DetailTapes {
  readonly tapes: Tape[] = [];
  readonly sections: DetailSection[] = [];

  /** Takes a text; answers its place. The same text has one place. */
  place(tape: Tape): number {
    const known = this.tapes.indexOf(tape);
    return known === -1 ? this.tapes.push(tape) - 1 : known;
  }

  /** Adds sections that were made from one text. */
  add(tape: Tape, sections: readonly DetailSection[]): void {
    this.sections.push(...sectionsOfTape(sections, this.place(tape)));
  }
}
