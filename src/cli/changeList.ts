import { scan } from "../json/scan.ts";
import { recordChanges } from "../record/recordChanges.ts";
import type { Prepared } from "../record/prepareSave.ts";
import { oneLine, visibleText } from "../view/plainText.ts";
import { previewView } from "../view/previewView.ts";
import type { ChangeGroup, ChangeView, SavePreview } from "../view/types.ts";
import { unifiedDiff } from "./unifiedDiff.ts";

const GROUP_TITLES: Readonly<Record<ChangeGroup, string>> = {
  filled: "filled in",
  merged: "merged",
  derived: "derived",
  rewritten: "rewritten",
  lost: "lost",
  runtimeOnly: "by the runtime only",
};
const SIGNS: Readonly<Record<ChangeView["change"], string>> = { added: "+", changed: "~", removed: "-" };

/** What a save would change, as the preview in the editor tells it. */
export function changesOf(
  before: Uint8Array,
  prepared: Prepared,
  facts: Pick<SavePreview, "operation" | "fidelity" | "targetPath">,
): SavePreview {
  const beforeTape = scan(before);
  const after = scan(prepared.bytes);
  return previewView([{ changes: recordChanges(beforeTape, after), before: beforeTape, after }], {
    ...facts,
    token: "",
    unchanged: Buffer.compare(before, prepared.bytes) === 0,
    bytesBefore: before.length,
    bytesAfter: prepared.bytes.length,
    notes: prepared.notes,
    rederive: prepared.rederive,
  });
}

/** The changes for people: grouped and explained, then as a unified diff where that is short enough. */
export function changesText(preview: SavePreview, file: string, before: Uint8Array, after: Uint8Array): string {
  if (preview.unchanged) return "";
  const lines: string[] = [];
  let group: ChangeGroup | null = null;
  for (const change of preview.changes) {
    if (change.group !== group) {
      group = change.group;
      lines.push(`${GROUP_TITLES[group]} (${preview.totals[group]})`);
    }
    lines.push(`  ${SIGNS[change.change]} ${oneLine(change.path, 200)}: ${valueText(change)} (${oneLine(change.why, 200)})`);
  }
  const total = Object.values(preview.totals).reduce((sum, count) => sum + count, 0);
  if (total > preview.changes.length) lines.push(`  … and ${total - preview.changes.length} more`);
  if (total === 0) lines.push("only the layout of the text changes");
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const diff = unifiedDiff(decoder.decode(before), decoder.decode(after), { before: file, after: `${file} (${preview.operation})` });
  return `${lines.join("\n")}\n\n${diff === null ? "(the texts differ in too many lines to list them)\n" : visibleText(diff)}`;
}

function valueText({ change, before, after }: ChangeView): string {
  if (change === "added") return after ?? "";
  if (change === "removed") return before ?? "";
  return `${before ?? ""} → ${after ?? ""}`;
}
