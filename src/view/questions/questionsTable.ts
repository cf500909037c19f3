import { formatDuration } from "../formatDuration.ts";
import { joinNotes, oneLine } from "../plainText.ts";
import type { TableSpec } from "../table/TableSpec.ts";
import type { TableCell } from "../tables.ts";
import type { TimeView } from "../types.ts";
import { answerText, askedText, lateAnswers, questionSearchText } from "./answerText.ts";
import { FOUND_HINTS, foundIn, KIND_NAMES, stateView, waitedMs } from "./QuestionFacts.ts";
import type { QuestionFacts } from "./QuestionFacts.ts";

const ICONS: Readonly<Record<QuestionFacts["entry"]["kind"], string>> = {
  question: "question",
  approval: "pass",
  dualControl: "shield",
  escalation: "megaphone",
};

/** The table of what a run asked of people. `nowMs`: the time up to which an open request was waited for. */
export function questionsTable(nowMs: () => number): TableSpec<QuestionFacts> {
  return {
    id: "questions",
    columns: [
      {
        id: "kind",
        title: "Kind",
        align: "start",
        width: 13,
        cell: ({ entry }) => ({ text: KIND_NAMES[entry.kind], look: "tag" }),
        sortKey: ({ entry }) => KIND_NAMES[entry.kind],
      },
      {
        id: "asked",
        title: "Asked",
        align: "start",
        width: 36,
        grows: true,
        cell: (facts) => ({ text: askedText(facts) }),
        sortKey: ({ entry }) => oneLine(entry.prompt, 200),
      },
      { id: "outcome", title: "Outcome", align: "start", width: 16, cell: outcomeCell, sortKey: ({ state }) => stateView(state).text },
      { id: "answer", title: "Answer", align: "start", width: 32, cell: answerCell, sortKey: (facts) => dashIsNull(answerText(facts)) },
      {
        id: "waited",
        title: "Waited",
        align: "end",
        width: 10,
        cell: (facts) => waitedCell(facts, nowMs()),
        sortKey: (facts) => waitedMs(facts, nowMs()),
      },
      { id: "by", title: "By", align: "start", width: 22, cell: byCell, sortKey: (facts) => byText(facts) || null },
      { id: "at", title: "At", align: "start", width: 10, cell: atCell, sortKey: ({ askedMs }) => askedMs },
      {
        id: "found",
        title: "Found in",
        align: "start",
        width: 15,
        cell: (facts) => ({ text: foundIn(facts), look: "dim", hint: FOUND_HINTS[facts.entry.belongs] }),
        sortKey: foundIn,
      },
      {
        id: "normalize",
        title: "After a normalise",
        align: "start",
        width: 17,
        cell: mergeCell,
        sortKey: ({ merge }) => dashIsNull(MERGES[merge]),
      },
    ],
    filters: [
      { id: "kind", title: "Kind", value: ({ entry }) => ({ value: entry.kind, label: KIND_NAMES[entry.kind] }) },
      { id: "outcome", title: "Outcome", value: ({ state }) => ({ value: state, label: stateView(state).text }) },
      {
        id: "stage",
        title: "Stage",
        value: ({ stage, stageName }) =>
          stage === null ? { value: "none", label: "no stage" } : { value: stageName, label: oneLine(stageName, 60) },
      },
      { id: "found", title: "Found in", value: (facts) => ({ value: foundIn(facts), label: foundIn(facts) }) },
    ],
    row: (facts) => ({
      id: facts.rowId,
      level: 1,
      label: `${KIND_NAMES[facts.entry.kind]} ${askedText(facts)}`,
      icon: ICONS[facts.entry.kind],
      treeRow: facts.stageRow ?? facts.questionRow,
      opens: false,
    }),
    searchText: questionSearchText,
  };
}

const MERGES: Readonly<Record<QuestionFacts["merge"], string>> = { add: "would be added", replace: "would be replaced", none: "–" };

function dashIsNull(text: string): string | null {
  return text === "–" ? null : text;
}

/** Stage and agent that asked; empty when neither is known. */
export function byText({ stageName, entry }: QuestionFacts): string {
  return joinNotes([oneLine(stageName, 80), oneLine(entry.agent, 80)]);
}

function byCell(facts: QuestionFacts): TableCell {
  const text = byText(facts);
  return text === "" ? { text: "–", look: "dim" } : { text, look: "dim" };
}

/** When it was asked, in its own text; by the log's clock where the request does not say it. */
export function askedTime({ entry, askedMs }: QuestionFacts): TimeView | null {
  if (entry.askedAt === "" && askedMs === null) return null;
  return { text: entry.askedAt === "" ? String(askedMs ?? "") : oneLine(entry.askedAt, 60), epochMs: askedMs };
}

function atCell(facts: QuestionFacts): TableCell {
  const time = askedTime(facts);
  if (time === null) return { text: "–" };
  return time.epochMs === null ? { text: time.text } : { text: time.text, time };
}

function answerCell(facts: QuestionFacts): TableCell {
  const late = lateAnswers(facts).length;
  const text = answerText(facts);
  if (late > 0 && facts.state === "timedOut") return { text: `${text}; ${late === 1 ? "an answer" : `${late} answers`} came too late` };
  return text === "–" ? { text, look: "dim" } : { text };
}

/** "71 s", with an ellipsis while it goes on. */
export function waitedText(facts: QuestionFacts, nowMs: number): string {
  const ms = waitedMs(facts, nowMs);
  if (ms === null) return "–";
  return facts.state === "open" ? `${formatDuration(ms)} …` : formatDuration(ms);
}

function waitedCell(facts: QuestionFacts, nowMs: number): TableCell {
  const text = waitedText(facts, nowMs);
  if (facts.state === "neverAnswered" && text !== "–") return { text, hint: "Until the run was over." };
  if (facts.state === "open") return { text, hint: overdue(facts, nowMs) ?? "So far." };
  return { text };
}

/** A sentence about an open request whose time is over although nothing says so. */
export function overdue({ state, entry, askedMs }: QuestionFacts, nowMs: number): string | null {
  const limit = entry.request?.timeoutMs ?? null;
  if (state !== "open" || limit === null || askedMs === null || nowMs <= askedMs + Number(limit)) return null;
  return `Its time limit of ${formatDuration(Number(limit))} is over, but the log tells of no time-out: the run may have ended without a word.`;
}

function outcomeCell(facts: QuestionFacts): TableCell {
  const { text, tone } = stateView(facts.state);
  return facts.state === "notKnown" ? { text: `${text}: ${facts.unknown}`, tone } : { text, tone };
}

function mergeCell({ merge, isUnreachable }: QuestionFacts): TableCell {
  if (isUnreachable) return { text: "–", look: "dim", hint: UNREACHABLE };
  return merge === "none" ? { text: "–", look: "dim" } : { text: MERGES[merge] };
}

export const UNREACHABLE = "The runtime gives up reading hitl.questions at a line it cannot read, so that it does not come to this one.";
