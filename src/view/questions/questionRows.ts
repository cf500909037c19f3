/** What the tree shows of requests for people: rows for those that the record does not hold, and sections for rows it has. */
import type { AroundRow } from "../aroundRows.ts";
import { boundSections } from "../boundSections.ts";
import { joinNotes, oneLine } from "../plainText.ts";
import { LABEL_LIMIT, NOTE_LIMIT } from "../rows/RowSource.ts";
import type { RowSource } from "../rows/RowSource.ts";
import type { OpenRequest } from "../tables.ts";
import type { DetailField, DetailSection } from "../types.ts";
import { answerText, askedText, votesText } from "./answerText.ts";
import { foundIn, KIND_NAMES, needsAnswer, stateView } from "./QuestionFacts.ts";
import type { QuestionFacts } from "./QuestionFacts.ts";
import { askedTime, byText, waitedText } from "./questionsTable.ts";

/** Rows of the requests that only the log tells, by stage; under null those of no stage. */
export function questionRows(facts: readonly QuestionFacts[]): ReadonlyMap<number | null, readonly AroundRow[]> {
  const rows = new Map<number | null, AroundRow[]>();
  for (const each of facts) {
    if (each.entry.source !== "log") continue;
    const ofStage = rows.get(each.stage);
    if (ofStage === undefined) rows.set(each.stage, [aroundRow(each)]);
    else ofStage.push(aroundRow(each));
  }
  return rows;
}

function aroundRow(facts: QuestionFacts): AroundRow {
  const { entry, askedMs, endedMs, state } = facts;
  return {
    id: facts.rowId,
    kind: "question",
    label: oneLine(askedText(facts), LABEL_LIMIT),
    note: oneLine(joinNotes([KIND_NAMES[entry.kind], rowAnswer(facts), oneLine(entry.agent, 80)]), NOTE_LIMIT),
    status: stateView(state),
    startMs: askedMs,
    durationMs: askedMs === null || endedMs === null ? null : endedMs - askedMs,
    tokens: null,
    cost: null,
  };
}

function rowAnswer(facts: QuestionFacts): string {
  const text = answerText(facts);
  return text === "–" ? "" : text;
}

/** What becomes of a question of the record, and what a stage asked of people. */
export function questionTreeSections(facts: readonly QuestionFacts[], source: RowSource, nowMs: number): DetailSection[] {
  if (source.kind === "question") {
    const found = facts.find(({ questionRow }) => questionRow === `question:${source.index}`);
    return found === undefined ? [] : [answerSection(found, nowMs)];
  }
  if (source.kind !== "stage") return [];
  const items = facts.filter(({ stage }) => stage === source.index).map((each) => stageItem(each, nowMs));
  return items.length === 0 ? [] : [...boundSections([{ kind: "list", title: "Asked of people", items }])];
}

function answerSection(facts: QuestionFacts, nowMs: number): DetailSection {
  const { text, tone } = stateView(facts.state);
  const fields: DetailField[] = [
    {
      name: "outcome",
      value: facts.state === "notKnown" ? `${text}: ${facts.unknown}` : text,
      tone,
      link: { kind: "tableRow", table: "questions", rowId: facts.rowId },
    },
    { name: "answer", value: answerText(facts) },
    { name: "waited", value: waitedText(facts, nowMs) },
    ...(facts.stageRow === null ? [] : [{ name: "stage", value: facts.stageName, link: { kind: "row" as const, rowId: facts.stageRow } }]),
    { name: "found in", value: foundIn(facts) },
  ];
  return { kind: "fields", title: "What became of it", fields };
}

function stageItem(facts: QuestionFacts, nowMs: number): DetailField {
  const { text, tone } = stateView(facts.state);
  const time = askedTime(facts);
  return {
    name: KIND_NAMES[facts.entry.kind],
    value: joinNotes([askedText(facts), rowAnswer(facts), text, waitedText(facts, nowMs).replace("–", "")]),
    tone,
    link: { kind: "tableRow", table: "questions", rowId: facts.rowId },
    ...(time === null || time.epochMs === null ? {} : { hint: `asked ${time.text}` }),
  };
}

/** Most open requests told at the head of the run; the table has them all. */
const OPEN_LIMIT = 50;

/** Requests nobody answered yet, for the head of the run. */
export function openRequests(facts: readonly QuestionFacts[]): readonly OpenRequest[] {
  return facts
    .filter(needsAnswer)
    .slice(0, OPEN_LIMIT)
    .map((each) => ({
      rowId: each.rowId,
      kind: `${KIND_NAMES[each.entry.kind]} ${votesText(each)}`.trim(),
      prompt: oneLine(each.entry.prompt, NOTE_LIMIT),
      askedBy: byText(each),
      asked: askedTime(each),
    }));
}
