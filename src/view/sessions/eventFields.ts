/** Fields of an agent event, whichever way it is written. Wrong types and absent fields are null. */
import type { SessionEvent } from "../../eventlog/sessionTimeline/SessionEvent.ts";
import { elements, findMember } from "../../json/cursor.ts";
import { NO_NODE } from "../../json/Tape.ts";
import type { NodeId, Tape } from "../../json/Tape.ts";
import { textSlice } from "../longText.ts";
import { oneLine } from "../plainText.ts";
import { numberAt, textOf } from "../tapeFields.ts";

/** Most UTF-16 units of an entry's text, and of a short field such as a name. */
export const TEXT_LIMIT = 200;
const NAME_LIMIT = 120;
/** An id that is longer is no id: joining by it is left. */
const ID_LIMIT = 400;

/** The node of a field; `NO_NODE` when the event has none of that name. */
export function fieldNode(event: Pick<SessionEvent, "tape" | "node" | "order">, name: string): NodeId {
  const { tape, node, order } = event;
  if (node === NO_NODE) return NO_NODE;
  if (tape.kind(node) !== "array") return findMember(tape, node, name);
  const position = order.indexOf(name);
  let at = 0;
  if (position >= 0) for (const element of elements(tape, node)) if (at++ === position) return element;
  return NO_NODE;
}

/** A string field as one short line; null when it is none. */
export function name(event: SessionEvent, field: string): string | null {
  const node = fieldNode(event, field);
  return node === NO_NODE || event.tape.kind(node) !== "string" ? null : head(event.tape, node, NAME_LIMIT);
}

/** A string field in full, for joining. */
export function id(event: SessionEvent, field: string): string | null {
  const node = fieldNode(event, field);
  if (node === NO_NODE || event.tape.end(node) - event.tape.start(node) > ID_LIMIT) return null;
  const text = textOf(event.tape, node);
  return text === "" ? null : text;
}

export function count(event: SessionEvent, field: string): number | null {
  return number(event.tape, fieldNode(event, field));
}

export function flag(event: SessionEvent, field: string): boolean {
  const node = fieldNode(event, field);
  return node !== NO_NODE && event.tape.kind(node) === "true";
}

/** The head of a field: a string's text, else its JSON. Empty for null and absent. */
export function text(event: SessionEvent, field: string): string {
  return valueHead(event.tape, fieldNode(event, field));
}

/** The beginning of a string field as it is; empty when it is none. */
export function rawText(event: SessionEvent, field: string, limit: number): string {
  const node = fieldNode(event, field);
  return node === NO_NODE || event.tape.kind(node) !== "string" ? "" : textSlice(event.tape, node, "string", 0, limit).text;
}

/** The head of any value on one line. */
export function valueHead(tape: Tape, node: NodeId): string {
  return node === NO_NODE || tape.kind(node) === "null" ? "" : head(tape, node, TEXT_LIMIT);
}

/** The first of these members of an object field that is a text which says something. */
export function textWithin(event: SessionEvent, field: string, members: readonly string[]): string | null {
  const node = fieldNode(event, field);
  if (node === NO_NODE || event.tape.kind(node) !== "object") return null;
  for (const member of members) {
    const value = findMember(event.tape, node, member);
    if (value === NO_NODE || event.tape.kind(value) !== "string") continue;
    const found = head(event.tape, value, TEXT_LIMIT);
    if (found !== "") return found;
  }
  return null;
}

/** A number within an object field. */
export function countWithin(event: SessionEvent, field: string, member: string): number | null {
  const node = fieldNode(event, field);
  return node === NO_NODE ? null : finite(numberAt(event.tape, node, member));
}

/** How many elements a list field has; null when it is none. */
export function listLength(event: SessionEvent, field: string): number | null {
  const node = fieldNode(event, field);
  return node === NO_NODE || event.tape.kind(node) !== "array" ? null : [...elements(event.tape, node)].length;
}

/** The short texts of a list field, at most five, as one line. */
export function listText(event: SessionEvent, field: string): string {
  const node = fieldNode(event, field);
  if (node === NO_NODE) return "";
  const shown: string[] = [];
  let more = 0;
  for (const element of elements(event.tape, node)) {
    if (shown.length < 5) shown.push(head(event.tape, element, NAME_LIMIT));
    else more++;
  }
  return oneLine(shown.join(", ") + (more > 0 ? ` and ${more} more` : ""), TEXT_LIMIT);
}

function head(tape: Tape, node: NodeId, limit: number): string {
  const format = tape.kind(node) === "string" ? "string" : "json";
  return oneLine(textSlice(tape, node, format, 0, limit * 2).text, limit);
}

function number(tape: Tape, node: NodeId): number | null {
  if (node === NO_NODE || tape.kind(node) !== "number") return null;
  return finite(Number(textSlice(tape, node, "json", 0, 400).text));
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
