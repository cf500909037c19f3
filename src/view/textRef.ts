/** References to long texts of several JSON texts at once: a row of a table is told by more than one line of a log. */
import type { NodeId } from "../json/Tape.ts";
import type { DetailSection, LongText } from "./types.ts";

/** Nodes of one text are counted with 32 bits. */
const NODES = 2 ** 32;

/** The reference to a node of the text that is the `tape`th of its row. */
export function textRef(tape: number, node: NodeId): number {
  return tape * NODES + node;
}

/** What a reference names. */
export function readTextRef(ref: number): { readonly tape: number; readonly node: NodeId } {
  return { tape: Math.floor(ref / NODES), node: ref % NODES };
}

/** A long text of the first tape as one of the `tape`th. */
export function ofTape(text: LongText, tape: number): LongText {
  return text.ref === null ? text : { ...text, ref: textRef(tape, text.ref) };
}

/** Sections made from one text, as sections of the `tape`th text of a row. */
export function sectionsOfTape(sections: readonly DetailSection[], tape: number): DetailSection[] {
  return sections.map((section) => (section.kind === "text" ? { ...section, text: ofTape(section.text, tape) } : section));
}
