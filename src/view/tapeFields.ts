/** Reading single fields of free JSON on a tape. Wrong types and absent fields are null, never an error. */
import { elements, findMember, numberText, stringText } from "../json/cursor.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";

/** The member `name` of an object if it is an object or array; else `NO_NODE`. */
export function containerAt(tape: Tape, object: NodeId, name: string, kind: "object" | "array"): NodeId {
  const node = memberAt(tape, object, name);
  return node !== NO_NODE && tape.kind(node) === kind ? node : NO_NODE;
}

/** The member `name`, `NO_NODE` when there is none or `object` is none. */
export function memberAt(tape: Tape, object: NodeId, name: string): NodeId {
  return object === NO_NODE ? NO_NODE : findMember(tape, object, name);
}

/** The text of a string member. */
export function textAt(tape: Tape, object: NodeId, name: string): string | null {
  return textOf(tape, memberAt(tape, object, name));
}

/** The text of a string node. */
export function textOf(tape: Tape, node: NodeId): string | null {
  return node !== NO_NODE && tape.kind(node) === "string" ? stringText(tape, node) : null;
}

/** The value of a number member as a double. */
export function numberAt(tape: Tape, object: NodeId, name: string): number | null {
  const node = memberAt(tape, object, name);
  return node !== NO_NODE && tape.kind(node) === "number" ? Number(numberText(tape, node)) : null;
}

/** The value of a boolean member. */
export function flagAt(tape: Tape, object: NodeId, name: string): boolean | null {
  const node = memberAt(tape, object, name);
  if (node === NO_NODE) return null;
  const kind = tape.kind(node);
  return kind === "true" ? true : kind === "false" ? false : null;
}

/** The strings of an array member, in order; other elements are left out. */
export function textsAt(tape: Tape, object: NodeId, name: string): string[] {
  const array = memberAt(tape, object, name);
  if (array === NO_NODE) return [];
  return [...elements(tape, array)].map((element) => textOf(tape, element)).filter((text) => text !== null);
}
