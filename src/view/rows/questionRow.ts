import { RunHitlQuestionRecord as schema } from "../../record/schema/RunRecord.ts";
import type { RunHitlQuestionRecord } from "../../record/types.ts";
import { joinNotes, oneLine } from "../plainText.ts";
import { timeView } from "../readTime.ts";
import { structSections } from "../structFields.ts";
import { LABEL_LIMIT, NOTE_LIMIT, plainFacts } from "./RowSource.ts";
import type { RowContext, RowFacts, RowSections } from "./RowSource.ts";

const ORDER = Object.keys(schema.shape);

/** A record holds questions only: whether one was answered stands in the event log, so the row has no status. */
export function questionRow(question: RunHitlQuestionRecord): RowFacts {
  const prompt = oneLine(question.prompt, LABEL_LIMIT);
  return {
    ...plainFacts(
      prompt === "" ? "question without text" : `“${prompt}”`,
      oneLine(joinNotes(["question", question.agent !== "" && `asked by ${question.agent}`]), NOTE_LIMIT),
    ),
    startMs: timeView(question.asked_at)?.epochMs ?? null,
  };
}

export function questionSections(question: RunHitlQuestionRecord, context: RowContext): RowSections {
  return {
    title: oneLine(question.prompt, LABEL_LIMIT) || "question without text",
    subtitle: joinNotes(["question to a person", oneLine(question.agent, 80)]),
    sections: structSections(context.tape, context.reading.originOf(question), { title: "Question", order: ORDER }),
  };
}
