import type { LineRef, TurnToolCall } from "../../eventlog/sidecar/ModelTurn.ts";
import { formatCost } from "../formatCost.ts";
import { formatDuration } from "../formatDuration.ts";
import { joinNotes, oneLine } from "../plainText.ts";
import { readTime, timeView } from "../readTime.ts";
import { sessionRowId } from "../sessions/TimelineEntry.ts";
import type { DetailField, LinkTarget } from "../types.ts";
import { noStageHint, outcomeOf, turnDuration, turnRowId, turnStatus } from "./TurnRow.ts";
import type { TurnRow } from "./TurnRow.ts";
import { toolsText } from "./turnsTable.ts";

/** What a turn's detail needs to know beside its lines. */
export interface TurnSurroundings {
  /** Fields of the described line types, in order. */
  fieldsOf(type: string): readonly string[];
  /** Where a tool call's own row is, in the transcript of the stage and among the record's recordings; undefined where there is none. */
  toolRows(call: TurnToolCall): { readonly called: LinkTarget | undefined; readonly recorded: LinkTarget | undefined };
  /** `llm_transcript.jsonl:12`. */
  placeOf(ref: LineRef): string;
}

/** The facts of a turn, each with where it leads. */
export function turnFields(row: TurnRow, around: TurnSurroundings): DetailField[] {
  const { turn } = row;
  const { answer } = turn;
  const status = turnStatus(row);
  const fields: DetailField[] = [{ name: "status", value: status.text, tone: status.tone }];
  const add = (name: string, value: string | null, more: Partial<DetailField> = {}): void => {
    fields.push({ name, value: value ?? "–", ...more });
  };
  addTime(fields, "asked", turn.requestedAt);
  if (answer !== null) addTime(fields, "answered", answer.timestamp);
  const ms = turnDuration(row.turn);
  if (ms !== null)
    add("latency", formatDuration(ms), answer?.responseMs === null ? { hint: "From the request to the answer, by their times." } : {});
  add(
    "stage",
    row.stage === null ? null : oneLine(row.stageName, 120),
    row.stage === null ? { hint: noStageHint(row) } : { link: { kind: "row", rowId: `stage:${row.stage}` } },
  );
  add("model", oneLine(turn.model, 120) || null);
  add("provider", oneLine(turn.provider, 120) || null);
  if (turn.iteration !== null) add("iteration", String(turn.iteration), { hint: "0 is normal outside of an agent's loop." });
  if (answer !== null) {
    add("stop reason", oneLine(answer.stopReason, 120) || null);
    add("tokens in", countText(answer.tokensIn));
    add("tokens out", countText(answer.tokensOut));
    add("read from cache", countText(answer.cacheRead));
    add("written to cache", countText(answer.cacheWrite));
    add(
      "cost",
      answer.costUsd === null ? null : formatCost(answer.costUsd),
      answer.costUsd === null ? { hint: "No price is known for this model." } : {},
    );
    add("thinking", answer.thinkingLength === null ? "none" : `${answer.thinkingLength.toLocaleString("en-US")} characters`);
  }
  add("tools", toolsText(turn) || null, { hint: "Calls made, of tools offered." });
  for (const call of answer?.toolCalls ?? []) {
    const { called, recorded } = around.toolRows(call);
    const name = oneLine(call.name, 120) || "a tool without name";
    add("called", name, called === undefined ? {} : { link: called });
    if (recorded !== undefined) add("recorded", name, { link: recorded });
  }
  add("messages added", turn.messages.length.toLocaleString("en-US"), { hint: "Messages of the session since the turn before." });
  if (turn.errors.length > 0) add("failed tries", turn.errors.length.toLocaleString("en-US"));
  if (turn.retryOf !== null) add("new try of", "the turn before", { link: turnLink(turnRowId(turn.retryOf)) });
  if (turn.retriedBy !== null)
    add("tried again", outcomeOf(turn.retriedBy) === "ok" ? "and answered" : "the next try", { link: turnLink(turnRowId(turn.retriedBy)) });
  if (turn.sessionId !== null)
    add("session", oneLine(turn.sessionId, 200), {
      hint: "The session of the last message before the request.",
      link: { kind: "tableRow", table: "sessions", rowId: sessionRowId(turn.sessionId) },
    });
  add("call id", turn.callId === null ? null : oneLine(turn.callId, 200));
  if (row.span !== null) {
    const { span_id: id, name, kind, duration_ms: duration } = row.span;
    add("span", joinNotes([String(id), oneLine(kind, 60), name === kind ? null : oneLine(name, 60), formatDuration(Number(duration))]));
  } else if (turn.spanId !== null) {
    add("span", String(turn.spanId), {
      hint: "No span of the record names this call. Span ids begin anew in nested runs, so the number alone tells little.",
    });
  }
  return fields;
}

function turnLink(rowId: string): LinkTarget {
  return { kind: "tableRow", table: "turns", rowId };
}

function addTime(fields: DetailField[], name: string, text: string): void {
  const time = timeView(text);
  if (time !== null) fields.push({ name, value: oneLine(time.text, 60), ...(readTime(text) === null ? {} : { time }) });
}

function countText(count: number | null): string | null {
  return count === null ? null : count.toLocaleString("en-US");
}
