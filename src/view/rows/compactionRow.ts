import { NO_NODE } from "../../json/Tape.ts";
import type { NodeId } from "../../json/Tape.ts";
import { compactionFacts, findAsset } from "../compactionFacts.ts";
import { formatTokens } from "../formatTokens.ts";
import { joinNotes, oneLine, plural } from "../plainText.ts";
import { timeView } from "../readTime.ts";
import { structSections } from "../structFields.ts";
import { containerAt } from "../tapeFields.ts";
import type { DetailField, DetailSection, StatusView } from "../types.ts";
import { NOTE_LIMIT, plainFacts } from "./RowSource.ts";
import type { RowContext, RowFacts, RowSections } from "./RowSource.ts";
import { stageName } from "./stageRow.ts";

/** `9.0k → 1.2k tokens −87 %`. */
function sizes(before: number | null, after: number | null): string {
  if (before === null && after === null) return "";
  const change = before !== null && after !== null && before > 0 ? Math.round(((after - before) / before) * 100) : null;
  const arrow = `${before === null ? "?" : formatTokens(before)} → ${after === null ? "?" : formatTokens(after)} tokens`;
  return change === null ? arrow : `${arrow} ${change < 0 ? "−" : "+"}${Math.abs(change)} %`;
}

function snapshotStatus(snapshotId: string | null, asset: NodeId): StatusView | null {
  if (snapshotId === null) return null;
  return asset === NO_NODE ? { text: "snapshot missing", tone: "warning" } : { text: "snapshot kept", tone: "neutral" };
}

export function compactionRow(event: NodeId, transcript: NodeId, context: RowContext): RowFacts {
  const facts = compactionFacts(context.tape, event);
  return {
    ...plainFacts("compaction", oneLine(joinNotes([sizes(facts.tokensBefore, facts.tokensAfter), facts.mode, facts.strategy]), NOTE_LIMIT)),
    status: snapshotStatus(facts.snapshotId, findAsset(context.tape, transcript, facts.snapshotId)),
    startMs: timeView(facts.id)?.epochMs ?? null,
  };
}

export function compactionSections(event: NodeId, transcript: NodeId, context: RowContext): RowSections {
  const { tape } = context;
  const facts = compactionFacts(tape, event);
  const asset = findAsset(tape, transcript, facts.snapshotId);
  const places = context.compactionPlaces(event).map((stage): DetailField => {
    const record = stage === null ? undefined : context.reading.record.stages[stage];
    if (stage === null || record === undefined) return { name: "listed in", value: "run transcript" };
    return { name: "listed in", value: `transcript of ${stageName(record, stage)}`, link: { kind: "row", rowId: `stage:${stage}` } };
  });
  const main: DetailField[] = [
    { name: "tokens", value: sizes(facts.tokensBefore, facts.tokensAfter) || "–" },
    { name: "archived messages", value: facts.archivedMessages === null ? "–" : String(facts.archivedMessages) },
    {
      name: "snapshot",
      value:
        facts.snapshotId === null
          ? "none taken"
          : asset === NO_NODE
            ? `${oneLine(facts.snapshotId, NOTE_LIMIT)} (not in the record)`
            : oneLine(facts.snapshotId, NOTE_LIMIT),
      ...(asset === NO_NODE ? {} : { link: { kind: "jsonOffset" as const, offset: tape.start(asset) } }),
    },
  ];
  const sections: DetailSection[] = [{ kind: "fields", title: "Compaction", fields: main }];
  if (places.length > 0)
    sections.push({ kind: "list", title: places.length > 1 ? "One event, listed in several places" : "Place", items: places });
  const receipt = containerAt(tape, containerAt(tape, event, "metadata", "object"), "receipt", "object");
  sections.push(
    ...freeSections(context, facts.source, receipt === NO_NODE ? "metadata" : "metadata.receipt"),
    ...freeSections(context, event, "Event"),
  );
  return {
    title: "compaction",
    subtitle: joinNotes([
      oneLine(facts.mode, 40),
      oneLine(facts.strategy, 40),
      facts.archivedMessages !== null && `${plural(facts.archivedMessages, "message")} archived`,
    ]),
    sections,
  };
}

/** An object of no fixed shape, all its members under one title. */
function freeSections(context: RowContext, node: NodeId, title: string): DetailSection[] {
  return node === NO_NODE ? [] : structSections(context.tape, node, { title, order: [], free: true });
}
