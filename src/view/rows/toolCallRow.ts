import { elements } from "../../json/cursor.ts";
import { NO_NODE } from "../../json/Tape.ts";
import type { NodeId } from "../../json/Tape.ts";
import { ToolCallRecord as schema } from "../../record/schema/RunRecord.ts";
import type { ToolCallRecord } from "../../record/types.ts";
import { formatDuration } from "../formatDuration.ts";
import { longText, textSlice } from "../longText.ts";
import { joinNotes, oneLine } from "../plainText.ts";
import { readTime, timeView } from "../readTime.ts";
import { statusTone } from "../statusTone.ts";
import { addValue, structSections } from "../structFields.ts";
import { memberAt, numberAt, textAt, textOf } from "../tapeFields.ts";
import { callOutcome } from "../Transcript.ts";
import type { TranscriptCall } from "../Transcript.ts";
import type { DetailField, DetailSection, StatusView } from "../types.ts";
import { LABEL_LIMIT, NOTE_LIMIT, plainFacts } from "./RowSource.ts";
import type { RowContext, RowFacts, RowSections } from "./RowSource.ts";

const ORDER = Object.keys(schema.shape);

/** A tool call found in a transcript. */
export function toolCallRow(call: TranscriptCall, context: RowContext): RowFacts {
  const asked = toolCallTime(call, context);
  const answered = eventTime(context, call.answeredEvent);
  return {
    ...plainFacts(oneLine(call.name, LABEL_LIMIT) || "tool call", inputNote(context, call.input)),
    status: callStatus(call, context),
    startMs: asked,
    durationMs: asked === null || answered === null ? null : answered - asked,
  };
}

/** When a tool call was made; null where its transcript does not tell. Cheaper than its row. */
export function toolCallTime(call: TranscriptCall, context: Pick<RowContext, "tape">): number | null {
  return eventTime(context, call.askedEvent);
}

function callStatus(call: TranscriptCall, context: RowContext): StatusView {
  switch (callOutcome(context.tape, call)) {
    case "none":
      return { text: "no result", tone: "neutral" };
    case "returned":
      return { text: "returned", tone: "success" };
    case "failed":
      return { text: "error", tone: "failure" };
    case "denied":
      return { text: "denied", tone: "failure" };
  }
}

function eventTime(context: Pick<RowContext, "tape">, id: NodeId): number | null {
  const text = textOf(context.tape, id);
  return text === null ? null : readTime(text);
}

/** The arguments on one line, as compact as they were written. */
function inputNote(context: RowContext, input: NodeId): string {
  if (input === NO_NODE) return "";
  const { tape } = context;
  const format = tape.kind(input) === "string" ? "string" : "json";
  return oneLine(textSlice(tape, input, format, 0, NOTE_LIMIT * 2).text, NOTE_LIMIT);
}

export function toolCallSections(call: TranscriptCall, context: RowContext): RowSections {
  const { tape } = context;
  const facts = toolCallRow(call, context);
  const fields: DetailField[] = [];
  const sections: DetailSection[] = [{ kind: "fields", title: "Tool call", fields }];
  const add = (name: string, node: NodeId): void => {
    if (node !== NO_NODE) addValue(tape, name, node, {}, fields, sections);
  };
  fields.push({ name: "name", value: oneLine(call.name, NOTE_LIMIT) });
  add("id", memberAt(tape, call.node, "id"));
  if (facts.status !== null) fields.push({ name: "result", value: facts.status.text, tone: facts.status.tone });
  for (const [name, node] of [
    ["asked", call.askedEvent],
    ["answered", call.answeredEvent],
  ] as const) {
    const time = timeView(textOf(tape, node));
    if (time !== null) fields.push({ name, value: time.text, time });
  }
  if (call.input !== NO_NODE) add("arguments", call.input);
  sections.push(...contentSections(context, call.content));
  return {
    title: facts.label,
    subtitle: joinNotes(["tool call", facts.status?.text, facts.durationMs !== null && formatDuration(facts.durationMs)]),
    sections,
  };
}

/** The answer: its text, or each text block of it, or its JSON. */
function contentSections(context: RowContext, content: NodeId): DetailSection[] {
  const { tape } = context;
  if (content === NO_NODE) return [];
  if (tape.kind(content) === "string") return [{ kind: "text", title: "result", text: longText(tape, content, "string"), format: "plain" }];
  const blocks = tape.kind(content) === "array" ? [...elements(tape, content)] : [];
  const texts = blocks.map((block) => (textAt(tape, block, "text") === null ? NO_NODE : memberAt(tape, block, "text")));
  if (texts.length === 0 || texts.length > 20 || texts.includes(NO_NODE)) {
    return [{ kind: "text", title: "result", text: longText(tape, content, "json"), format: "json" }];
  }
  return texts.map((node) => ({ kind: "text", title: "result", text: longText(tape, node, "string"), format: "plain" }));
}

/** A tool call of the record's own list. Later shapes have a `status`, older ones only say when a call was rejected (later versions, tool status). */
export function toolRecordingRow(recording: ToolCallRecord, context: RowContext): RowFacts {
  const { tape } = context;
  const node = context.reading.originOf(recording);
  const object = node !== NO_NODE && tape.kind(node) === "object" ? node : NO_NODE;
  const stored = textAt(tape, object, "status");
  const status: StatusView | null =
    stored !== null
      ? { text: oneLine(stored, 60), tone: stored === "open" ? "neutral" : statusTone(stored) }
      : recording.is_rejected
        ? { text: "rejected", tone: "failure" }
        : null;
  // Null is "not measured" in later shapes; the decoded field cannot tell it from 0.
  const measured = object === NO_NODE || numberAt(tape, object, "duration_ms") !== null;
  return {
    ...plainFacts(
      oneLine(recording.tool_name, LABEL_LIMIT) || "tool call",
      joinNotes([`iteration ${recording.iteration}`, oneLine(recording.result, NOTE_LIMIT - 20)]),
    ),
    status,
    startMs: timeView(recording.timestamp)?.epochMs ?? null,
    durationMs: measured ? Number(recording.duration_ms) : null,
  };
}

export function toolRecordingSections(recording: ToolCallRecord, context: RowContext): RowSections {
  const facts = toolRecordingRow(recording, context);
  return {
    title: facts.label,
    subtitle: joinNotes(["tool recording", facts.status?.text, facts.durationMs !== null && formatDuration(facts.durationMs)]),
    sections: structSections(context.tape, context.reading.originOf(recording), { title: "Tool recording", order: ORDER }),
  };
}
