import { HandoffArtifact as schema } from "../../record/schema/handoff.ts";
import type { HandoffArtifact } from "../../record/types.ts";
import { joinNotes, oneLine, plural } from "../plainText.ts";
import { timeView } from "../readTime.ts";
import { statusView } from "../statusTone.ts";
import { structSections } from "../structFields.ts";
import { LABEL_LIMIT, NOTE_LIMIT, plainFacts } from "./RowSource.ts";
import type { RowContext, RowFacts, RowSections } from "./RowSource.ts";

const ORDER = Object.keys(schema.shape);

/** Who takes over: label, else id, else `unknown` (run record format, handoff normalisation). */
function handoffName(handoff: HandoffArtifact): string {
  const { label, id } = handoff.target_persona_or_human;
  return `handoff to ${oneLine(label ?? "", LABEL_LIMIT) || oneLine(id ?? "", LABEL_LIMIT) || "unknown"}`;
}

export function handoffRow(handoff: HandoffArtifact): RowFacts {
  return {
    ...plainFacts(
      handoffName(handoff),
      oneLine(
        joinNotes([
          handoff.source_persona !== "" && `from ${handoff.source_persona}`,
          handoff.open_questions.length > 0 && plural(handoff.open_questions.length, "open question"),
          handoff.reason,
        ]),
        NOTE_LIMIT,
      ),
    ),
    status: statusView(handoff.route_decision?.dispatch_status ?? ""),
    startMs: timeView(handoff.created_at)?.epochMs ?? null,
  };
}

export function handoffSections(handoff: HandoffArtifact, context: RowContext): RowSections {
  return {
    title: handoffName(handoff),
    subtitle: joinNotes([oneLine(handoff.kind, 60), handoff.source_persona !== "" && `from ${oneLine(handoff.source_persona, 80)}`]),
    sections: structSections(context.tape, context.reading.originOf(handoff), {
      title: "Handoff",
      order: ORDER,
      link: (name, text) => (name === "path" ? { kind: "storedPath", path: text } : undefined),
    }),
  };
}
