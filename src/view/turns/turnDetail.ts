import { elements } from "../../json/cursor.ts";
import { NO_NODE } from "../../json/Tape.ts";
import type { NodeId, Tape } from "../../json/Tape.ts";
import type { LineRef } from "../../eventlog/sidecar/ModelTurn.ts";
import { boundSections } from "../boundSections.ts";
import { longText } from "../longText.ts";
import { joinNotes, oneLine, plural } from "../plainText.ts";
import { addValue, structSections } from "../structFields.ts";
import { memberAt, textAt } from "../tapeFields.ts";
import { ofTape } from "../textRef.ts";
import type { DetailField, DetailSection, RowDetail } from "../types.ts";
import { DetailTapes } from "./DetailTapes.ts";
import { turnFields } from "./turnFields.ts";
import type { TurnSurroundings } from "./turnFields.ts";
import { turnStatus } from "./TurnRow.ts";
import type { OtherRow, TurnRow } from "./TurnRow.ts";
import { toolNames } from "./turnsTable.ts";

/** A line that was read again; null where that could not be done. */
export interface ReadLine {
  readonly ref: LineRef;
  readonly tape: Tape | null;
  /** The line's own value on the tape. */
  readonly node: NodeId;
}

/** The lines a turn's detail is made of. */
export interface TurnLines {
  readonly request: ReadLine | null;
  readonly answer: ReadLine | null;
  readonly errors: readonly ReadLine[];
  readonly notes: readonly ReadLine[];
  /** The first of the messages added. */
  readonly messages: readonly ReadLine[];
  readonly systemPrompt: ReadLine | null;
  readonly toolSchemas: ReadLine | null;
}

/** The detail of a turn, with the texts its long texts come from. */
export function turnDetail(
  row: TurnRow,
  lines: TurnLines,
  around: TurnSurroundings,
): { readonly detail: RowDetail; readonly tapes: readonly Tape[] } {
  const { turn } = row;
  const tapes = new DetailTapes();
  tapes.sections.push({ kind: "fields", title: "Model turn", fields: turnFields(row, around) });
  const lost = lostLines(lines);
  if (lost.length > 0) {
    const value = `${joinNotes(lost.map(({ ref }) => around.placeOf(ref)))}: the transcript was changed since it was read.`;
    tapes.sections.push({ kind: "fields", title: "Not read again", fields: [{ name: "lines", value, tone: "warning" }] });
  }
  if (lines.answer !== null) addAnswer(tapes, lines.answer, around);
  addErrors(tapes, lines, around);
  addMessages(tapes, row, lines.messages, around);
  addLine(tapes, lines.request, "Request", "provider_call_request", around);
  for (const [index, note] of lines.notes.entries()) {
    const type = turn.notes[index]?.type ?? "";
    addLine(tapes, note, `${oneLine(type.replaceAll("_", " "), 60)} (line ${note.ref.line})`, type, around);
  }
  addPrompt(tapes, lines);
  if (isRead(lines.answer) && isRead(lines.request)) {
    const { tape, node, ref } = lines.answer;
    tapes.add(tape, [{ kind: "text", title: `Answer as written (line ${ref.line})`, text: longText(tape, node, "json"), format: "json" }]);
  }
  const own = lines.request ?? lines.answer ?? lines.errors[0] ?? null;
  return {
    detail: {
      rowId: row.id,
      kind: "modelTurn",
      title: `Turn ${row.number}`,
      subtitle: joinNotes([oneLine(turn.model, 80), row.stageName, turn.iteration === null ? null : `iteration ${turn.iteration}`]),
      status: turnStatus(row),
      path: own === null ? "" : around.placeOf(own.ref),
      offset: null,
      sections: boundSections(tapes.sections),
      raw: isRead(own) ? ofTape(longText(own.tape, own.node, "json"), tapes.place(own.tape)) : null,
      card: null,
    },
    tapes: tapes.tapes,
  };
}

/** The detail of a line of unknown type: itself. */
export function otherDetail(
  row: OtherRow,
  { tape, node }: ReadLine,
  place: string,
): { readonly detail: RowDetail; readonly tapes: readonly Tape[] } {
  const type = oneLine(row.line.type, 80) || "no type";
  const sections = tape === null ? [] : structSections(tape, node, { title: "Line", order: [], free: true });
  return {
    detail: {
      rowId: row.id,
      kind: "file",
      title: type,
      subtitle: `line ${row.line.ref.line} of the model transcript, of a type that is not known`,
      status: null,
      path: place,
      offset: null,
      sections: boundSections(sections),
      raw: tape === null ? null : longText(tape, node, "json"),
      card: null,
    },
    tapes: tape === null ? [] : [tape],
  };
}

function isRead(line: ReadLine | null): line is ReadLine & { readonly tape: Tape } {
  return line !== null && line.tape !== null;
}

function lostLines(lines: TurnLines): ReadLine[] {
  const single = [lines.request, lines.answer, lines.systemPrompt, lines.toolSchemas];
  return [...single, ...lines.errors, ...lines.notes, ...lines.messages]
    .filter((line) => line !== null)
    .filter(({ tape }) => tape === null);
}

/** Text, thinking and tool calls first, then the rest of the answer. */
function addAnswer(tapes: DetailTapes, { tape, node }: ReadLine, around: TurnSurroundings): void {
  if (tape === null) return;
  const own = new Map<string, DetailSection[]>();
  const text = memberAt(tape, node, "text");
  if (text !== NO_NODE && textAt(tape, node, "text") !== "") own.set("text", valueSections(tape, text, "Said"));
  for (const [name, title] of [
    ["thinking", "Thinking"],
    ["thinking_summary", "Thinking, summed up"],
  ] as const) {
    const value = memberAt(tape, node, name);
    if (value !== NO_NODE && tape.kind(value) !== "null" && textAt(tape, node, name) !== "")
      own.set(name, valueSections(tape, value, title));
  }
  const native = toolCallSections(tape, memberAt(tape, node, "tool_calls"));
  own.set("tool_calls", native);
  const parsed = memberAt(tape, node, "parsed_tool_calls");
  // Mostly the same calls again: told once.
  own.set("parsed_tool_calls", native.length > 0 ? native : toolCallSections(tape, parsed));
  const shown = new Set([...own.values()].flat());
  const rest = structSections(tape, node, { title: "Answer", order: around.fieldsOf("provider_call_response"), replace: own });
  tapes.add(tape, [...shown]);
  tapes.add(
    tape,
    rest.filter((section) => !shown.has(section)),
  );
}

function valueSections(tape: Tape, node: NodeId, title: string): DetailSection[] {
  const isText = tape.kind(node) === "string";
  return [{ kind: "text", title, text: longText(tape, node, isText ? "string" : "json"), format: isText ? "plain" : "json" }];
}

function toolCallSections(tape: Tape, calls: NodeId): DetailSection[] {
  if (calls === NO_NODE) return [];
  return [...elements(tape, calls)].map((call) => {
    const of = memberAt(tape, call, "function");
    const name = textAt(tape, call, "name") ?? textAt(tape, of, "name") ?? "";
    const input = [memberAt(tape, call, "arguments"), memberAt(tape, of, "arguments"), memberAt(tape, call, "input")].find(
      (node) => node !== NO_NODE,
    );
    return {
      kind: "text",
      title: `Tool call: ${oneLine(name, 80) || "without name"}`,
      text: longText(tape, input ?? call, "json"),
      format: "json",
    };
  });
}

function addErrors(tapes: DetailTapes, { errors }: TurnLines, around: TurnSurroundings): void {
  for (const [index, { tape, node }] of errors.entries()) {
    if (tape === null) continue;
    const title = errors.length === 1 ? "Error" : `Error ${index + 1} of ${errors.length}`;
    tapes.add(tape, structSections(tape, node, { title, order: around.fieldsOf("provider_call_error") }));
  }
}

function addMessages(tapes: DetailTapes, { turn }: TurnRow, messages: readonly ReadLine[], around: TurnSurroundings): void {
  for (const { ref, tape, node } of messages) {
    if (tape === null) continue;
    const message = memberAt(tape, node, "message");
    const role = oneLine(textAt(tape, node, "role") ?? textAt(tape, message, "role") ?? "", 40) || "message";
    const own = memberAt(tape, node, "content");
    const content = own === NO_NODE ? memberAt(tape, message, "content") : own;
    const shown = content === NO_NODE ? node : content;
    const blocks = tape.kind(shown) === "array" ? [...elements(tape, shown)] : [];
    const [only] = blocks;
    const text = blocks.length === 1 && only !== undefined && textAt(tape, only, "text") !== null ? memberAt(tape, only, "text") : shown;
    tapes.add(tape, valueSections(tape, text, `Added: ${role} (line ${ref.line})`));
  }
  const left = turn.messages.length - messages.length;
  if (left <= 0) return;
  const last = turn.messages.at(-1);
  const value = `${plural(left, "message")} more, up to ${last === undefined ? "the request" : around.placeOf(last)}`;
  tapes.sections.push({ kind: "fields", title: "Added", fields: [{ name: "…", value }] });
}

function addLine(tapes: DetailTapes, line: ReadLine | null, title: string, type: string, around: TurnSurroundings): void {
  if (!isRead(line)) return;
  tapes.add(line.tape, structSections(line.tape, line.node, { title, order: around.fieldsOf(type) }));
}

function addPrompt(tapes: DetailTapes, { systemPrompt, toolSchemas }: TurnLines): void {
  if (isRead(systemPrompt)) {
    const { tape, node, ref } = systemPrompt;
    const fields: DetailField[] = [];
    const sections: DetailSection[] = [];
    const content = memberAt(tape, node, "content");
    if (content !== NO_NODE) addValue(tape, `System prompt told last (line ${ref.line})`, content, {}, fields, sections);
    if (fields.length > 0) sections.push({ kind: "fields", title: "System prompt", fields });
    tapes.add(tape, sections);
  }
  if (!isRead(toolSchemas)) return;
  const { tape, node, ref } = toolSchemas;
  const names = [...elements(tape, memberAt(tape, node, "schemas"))].map((schema) => ({
    name: textAt(tape, schema, "name") ?? textAt(tape, memberAt(tape, schema, "function"), "name") ?? "",
  }));
  if (names.length === 0) return;
  tapes.sections.push({ kind: "fields", title: "Tools told last", fields: [{ name: `line ${ref.line}`, value: toolNames(names) }] });
}
