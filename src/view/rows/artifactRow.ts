import { ArtifactRecord as schema } from "../../record/schema/artifact.ts";
import type { ArtifactRecord } from "../../record/types.ts";
import { formatTokens } from "../formatTokens.ts";
import { joinNotes, oneLine } from "../plainText.ts";
import { timeView } from "../readTime.ts";
import { structSections } from "../structFields.ts";
import type { DetailField } from "../types.ts";
import { LABEL_LIMIT, NOTE_LIMIT, plainFacts } from "./RowSource.ts";
import type { RowContext, RowFacts, RowSections } from "./RowSource.ts";
import { stageName } from "./stageRow.ts";

const ORDER = Object.keys(schema.shape);

function artifactName(artifact: ArtifactRecord): string {
  return (
    oneLine(artifact.title ?? "", LABEL_LIMIT) || oneLine(artifact.kind, LABEL_LIMIT) || oneLine(artifact.id, LABEL_LIMIT) || "artifact"
  );
}

export function artifactRow(artifact: ArtifactRecord): RowFacts {
  const tokens = artifact.estimated_tokens;
  return {
    ...plainFacts(
      artifactName(artifact),
      oneLine(joinNotes(["artifact", artifact.kind, tokens !== null && `≈ ${formatTokens(Number(tokens))} tokens`]), NOTE_LIMIT),
    ),
    startMs: timeView(artifact.created_at)?.epochMs ?? null,
  };
}

export function artifactSections(artifact: ArtifactRecord, context: RowContext): RowSections {
  const places = artifact.id === "" ? [] : context.artifactPlaces(artifact.id);
  const items = places.map((stage): DetailField => {
    const record = stage === null ? undefined : context.reading.record.stages[stage];
    if (stage === null || record === undefined) return { name: "listed in", value: "run artifacts" };
    return { name: "listed in", value: `stage ${stageName(record, stage)}`, link: { kind: "row", rowId: `stage:${stage}` } };
  });
  return {
    title: artifactName(artifact),
    subtitle: joinNotes(["artifact", oneLine(artifact.kind, 60), oneLine(artifact.freshness ?? "", 60)]),
    sections: [
      ...structSections(context.tape, context.reading.originOf(artifact), {
        title: "Artifact",
        order: ORDER,
        link: (name, text) => {
          const row = name === "lineage" ? context.artifactRowId(text) : name === "stage" ? context.stageRowId(text) : null;
          return row === null ? undefined : { kind: "row", rowId: row };
        },
      }),
      ...(items.length > 1 ? [{ kind: "list" as const, title: "One artifact, listed in several places", items }] : []),
    ],
  };
}
