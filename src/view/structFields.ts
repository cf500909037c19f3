/**
 * A struct of the record as the detail pane shows it: every field under the runtime's own name and in its order, then what the runtime
 * does not know. Read from the text itself, so that absent, null and empty stay apart and nothing is rounded.
 */
import { childCount, elements, members, sliceText, stringText } from "../json/cursor.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import { longText } from "./longText.ts";
import { oneLine } from "./plainText.ts";
import { timeView } from "./readTime.ts";
import { statusTone } from "./statusTone.ts";
import type { DetailField, DetailSection, LinkTarget } from "./types.ts";

/** How one struct differs from the general rule. */
export interface StructShape {
  /** Title of the first section. */
  readonly title: string;
  /** Names of the struct's fields in table order. */
  readonly order: readonly string[];
  /** No struct of the format but a free object: no field of it is unknown. */
  readonly free?: true;
  /** Where a value leads, by field name. */
  readonly link?: (name: string, text: string) => LinkTarget | undefined;
  /** Sections shown in place of a field's own. */
  readonly replace?: ReadonlyMap<string, readonly DetailSection[]>;
}

/** Texts up to this many bytes stand in a field; longer ones, and those of several lines, get a section. */
const FIELD_BYTES = 240;
/** Most UTF-16 units of a name the record chose. */
const NAME_LIMIT = 120;
/** Objects with at most this many plain members are spread out; others stay JSON. */
const SPREAD_MEMBERS = 40;

const TIME_NAME = /(?:_at|^timestamp|^deadline)$/;
const STATUS_NAME = /^(?:status|outcome)$/;

/** All sections of the struct at `node`; for `NO_NODE` there are none. */
export function structSections(tape: Tape, node: NodeId, shape: StructShape): DetailSection[] {
  const known: DetailField[] = [];
  const unknown: DetailField[] = [];
  const absent: string[] = [];
  const after: DetailSection[] = [];
  const extra: DetailSection[] = [];
  const { values, others } = fieldsOf(tape, node, shape.order);
  for (const name of shape.order) {
    const value = values.get(name) ?? NO_NODE;
    const replaced = shape.replace?.get(name);
    if (replaced !== undefined && replaced.length > 0) after.push(...replaced);
    else if (value === NO_NODE) absent.push(name);
    else addValue(tape, name, value, shape, known, after);
  }
  for (const [name, value] of others) addValue(tape, name, value, shape, unknown, extra);
  if (absent.length > 0 && node !== NO_NODE) {
    known.push({
      name: "not in the file",
      value: absent.join(", "),
      state: "absent",
      hint: "The file has no such fields; the runtime fills in defaults.",
    });
  }
  const sections: DetailSection[] = known.length > 0 ? [{ kind: "fields", title: shape.title, fields: known }] : [];
  sections.push(...after);
  if (unknown.length > 0) sections.push({ kind: "fields", title: shape.free === true ? shape.title : UNKNOWN_TITLE, fields: unknown });
  if (shape.free === true) return [...sections, ...extra];
  return [...sections, ...extra.map((section) => ({ ...section, title: `${section.title} (unknown field)` }))];
}

/** Title of the section that lists what the format of the runtime does not have. */
export const UNKNOWN_TITLE = "Unknown to the runtime";

/** One value as a field, or as a section where it is too large for one. */
export function addValue(
  tape: Tape,
  key: string,
  node: NodeId,
  shape: Pick<StructShape, "link">,
  fields: DetailField[],
  sections: DetailSection[],
): void {
  const name = oneLine(key, NAME_LIMIT);
  const kind = tape.kind(node);
  if (kind === "string") {
    if (tape.end(node) - tape.start(node) > FIELD_BYTES || isMultiline(tape, node)) {
      sections.push({ kind: "text", title: name, text: longText(tape, node, "string"), format: "plain" });
    } else fields.push(textField(name, stringText(tape, node), shape));
    return;
  }
  if (kind === "null") {
    fields.push({ name, value: "null", state: "null" });
    return;
  }
  if (kind !== "object" && kind !== "array") {
    fields.push({ name, value: cut(sliceText(tape, node)) });
    return;
  }
  if (tape.next(node) === node + 1) {
    fields.push({ name, value: kind === "array" ? "[]" : "{}", state: "empty" });
    return;
  }
  const spread = kind === "array" ? textList(tape, node, name, shape) : spreadObject(tape, node, name, shape);
  if (spread === null) sections.push({ kind: "text", title: name, text: longText(tape, node, "json"), format: "json" });
  else if (
    spread.kind === "list" &&
    spread.items.length <= 3 &&
    !spread.items.some((item) => item.link !== undefined || item.value === "")
  ) {
    const joined = spread.items.map((item) => item.value).join(", ");
    if (joined.length <= 120) fields.push({ name, value: joined });
    else sections.push(spread);
  } else sections.push(spread);
}

/** A string as a field: with its time, tone and link where its name says what it is. */
export function textField(name: string, text: string, shape: Pick<StructShape, "link">): DetailField {
  const link = text === "" ? undefined : shape.link?.(name, text);
  const time = TIME_NAME.test(name) ? timeView(text) : null;
  return {
    name,
    value: text === "" ? '""' : text,
    ...(text === "" ? { state: "empty" as const } : {}),
    ...(time === null || time.epochMs === null ? {} : { time }),
    ...(STATUS_NAME.test(name) && text !== "" ? { tone: statusTone(text) } : {}),
    ...(link === undefined ? {} : { link }),
  };
}

function cut(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

function isMultiline(tape: Tape, node: NodeId): boolean {
  return stringText(tape, node).includes("\n");
}

/** A list of short strings as a list section; null for other arrays. */
function textList(
  tape: Tape,
  array: NodeId,
  name: string,
  shape: Pick<StructShape, "link">,
): Extract<DetailSection, { kind: "list" }> | null {
  const items: DetailField[] = [];
  for (const element of elements(tape, array)) {
    if (tape.kind(element) !== "string" || tape.end(element) - tape.start(element) > FIELD_BYTES || items.length >= 500) return null;
    items.push(textField("", stringText(tape, element), { link: (_, text) => shape.link?.(name, text) }));
  }
  return { kind: "list", title: name, items };
}

/** An object of plain values as a section of its own; null when it is larger or deeper than that. */
function spreadObject(tape: Tape, object: NodeId, name: string, shape: Pick<StructShape, "link">): DetailSection | null {
  if (tape.end(object) - tape.start(object) > FIELD_BYTES * SPREAD_MEMBERS || childCount(tape, object) > SPREAD_MEMBERS) return null;
  const fields: DetailField[] = [];
  const sections: DetailSection[] = [];
  for (const [key, value] of members(tape, object)) addValue(tape, stringText(tape, key), value, shape, fields, sections);
  return sections.length === 0 ? { kind: "fields", title: name, fields } : null;
}

/** Members by name (of a repeated one the last), or elements by position: structs may be written as arrays (run record format, arrays instead of objects). */
function fieldsOf(
  tape: Tape,
  node: NodeId,
  order: readonly string[],
): { readonly values: ReadonlyMap<string, NodeId>; readonly others: readonly (readonly [string, NodeId])[] } {
  const values = new Map<string, NodeId>();
  const others: (readonly [string, NodeId])[] = [];
  if (node === NO_NODE) return { values, others };
  if (tape.kind(node) === "array") {
    let position = 0;
    for (const element of elements(tape, node)) {
      const name = order[position];
      if (name === undefined) others.push([`[${position}]`, element]);
      else values.set(name, element);
      position++;
    }
    return { values, others };
  }
  const names = new Set(order);
  for (const [key, value] of members(tape, node)) {
    const name = stringText(tape, key);
    if (names.has(name)) values.set(name, value);
    else others.push([name, value]);
  }
  return { values, others };
}
