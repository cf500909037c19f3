import { RunTransitionRecord as schema } from "../../record/schema/stage.ts";
import type { RunTransitionRecord } from "../../record/types.ts";
import { joinNotes, oneLine, plural } from "../plainText.ts";
import { timeView } from "../readTime.ts";
import { structSections } from "../structFields.ts";
import { LABEL_LIMIT, NOTE_LIMIT, plainFacts } from "./RowSource.ts";
import type { RowContext, RowFacts, RowSections } from "./RowSource.ts";

const ORDER = Object.keys(schema.shape);

function transitionName(transition: RunTransitionRecord): string {
  const from = oneLine(transition.from_node_id ?? transition.from_stage_id ?? "start", LABEL_LIMIT / 2);
  return `${from} → ${oneLine(transition.to_node_id, LABEL_LIMIT / 2) || "?"}`;
}

export function transitionRow(transition: RunTransitionRecord, index: number, context: RowContext): RowFacts {
  const consumed = transition.consumed_artifact_ids.length;
  const produced = transition.produced_artifact_ids.length;
  return {
    ...plainFacts(
      transitionName(transition),
      oneLine(
        joinNotes([
          transition.branch !== null && transition.branch !== "" && `branch “${transition.branch}”`,
          !context.reachesStage(index) && "not reached",
          consumed > 0 && `${plural(consumed, "artifact")} in`,
          produced > 0 && `${produced} out`,
        ]),
        NOTE_LIMIT,
      ),
    ),
    startMs: timeView(transition.timestamp)?.epochMs ?? null,
  };
}

export function transitionSections(transition: RunTransitionRecord, context: RowContext): RowSections {
  return {
    title: transitionName(transition),
    subtitle: joinNotes(["transition", transition.branch !== null && `branch “${oneLine(transition.branch, 80)}”`]),
    sections: structSections(context.tape, context.reading.originOf(transition), {
      title: "Transition",
      order: ORDER,
      link: (name, text) => {
        const row = name.endsWith("_artifact_ids")
          ? context.artifactRowId(text)
          : name === "from_stage_id" || name === "from_node_id" || name === "to_node_id"
            ? context.stageRowId(text)
            : null;
        return row === null ? undefined : { kind: "row", rowId: row };
      },
    }),
  };
}
