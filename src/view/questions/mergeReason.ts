import { stringMember } from "../../record/sliceAccess.ts";
import type { RunHitlQuestionRecord } from "../../record/types.ts";
import type { QuestionFacts } from "./QuestionFacts.ts";
import { UNREACHABLE } from "./questionsTable.ts";

/** What a normalise or a resave with this log does with a request, and why: a sentence. `stored`: what the record has of it. */
export function mergeReason({ entry, merge, isUnreachable }: QuestionFacts, stored: RunHitlQuestionRecord | null): string {
  if (entry.kind !== "question") return "Nothing: a record keeps questions only, the log keeps the rest.";
  if (isUnreachable) return `Nothing. ${UNREACHABLE}`;
  switch (merge) {
    case "add":
      return "It would be added: the log has it for this run, the record does not.";
    case "replace": {
      const fields = differences(entry, stored);
      return `It would be replaced by the log’s version${fields.length === 0 ? "" : `, which differs in ${fields.join(", ")}`}.`;
    }
    case "none":
      if (entry.source === "record") return "It stays as it is.";
      if (entry.source === "both") return entry.belongs === "run" ? "It stays: the record has it as the log tells it." : NO_RUN;
      return entry.belongs === "run" ? "Nothing: it has no text, or no id." : NO_RUN;
  }
}

const NO_RUN = "Nothing: in the log it does not name this run, and only those that do are merged.";

/** The record's fields that the log tells otherwise. */
function differences(entry: QuestionFacts["entry"], stored: RunHitlQuestionRecord | null): string[] {
  if (stored === null) return [];
  const payload = entry.request?.event.payload ?? null;
  const told = { prompt: entry.prompt, agent: entry.agent, trace_id: stringMember(payload, "trace_id"), asked_at: entry.askedAt };
  return (["prompt", "agent", "trace_id", "asked_at"] as const).filter((name) => told[name] !== stored[name]);
}
