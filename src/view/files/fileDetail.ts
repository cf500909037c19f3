import { formatBytes } from "../formatBytes.ts";
import { momentText } from "../momentText.ts";
import { joinNotes, oneLine } from "../plainText.ts";
import { statusTone } from "../statusTone.ts";
import type { DetailField, DetailSection, RowDetail } from "../types.ts";
import type { FileFacts } from "./FileFacts.ts";
import { FILE_STATES, rolesText } from "./filesTable.ts";

/** Most UTF-16 units of a stored path on screen: longer ones are no paths. */
const PATH_LIMIT = 4096;

/**
 * The detail pane of a file: what it is, who names it, where it was looked for.
 *
 * @param folders the folders a stored path is tried against, in order
 */
export function fileDetail(facts: FileFacts, folders: readonly string[]): RowDetail {
  const { state, size, changedMs, head } = facts;
  const look = FILE_STATES[state];
  const fields: DetailField[] = [
    { name: "role", value: rolesText(facts) },
    { name: "state", value: look.label, tone: look.tone },
  ];
  if (facts.note !== "") fields.push({ name: "note", value: facts.note });
  fields.push({
    name: "size",
    value: size === null ? "–" : joinNotes([formatBytes(size), size >= 1000 && `${size.toLocaleString("en-US")} bytes`]),
  });
  const changed = changedMs === null ? "" : momentText(changedMs);
  fields.push({ name: "changed", value: changed || "–", ...(changed === "" ? {} : { time: { text: changed, epochMs: changedMs } }) });
  if (facts.path !== null) {
    const link = state === "present" && !facts.isFolder ? { link: { kind: "storedPath" as const, path: facts.path } } : {};
    fields.push({ name: state === "present" ? "found at" : "leads to", value: oneLine(facts.path, PATH_LIMIT), ...link });
  }
  for (const stored of facts.stored) fields.push({ name: "stored as", value: oneLine(stored, PATH_LIMIT) });
  if (head !== null) fields.push(...headFields(head));
  const sections: DetailSection[] = [{ kind: "fields", title: "File", fields }];
  sections.push({ kind: "list", title: "Named by", items: namedByItems(facts) });
  if (facts.stored.length > 0 && state !== "present" && state !== "unnamed") {
    const items = folders.map((folder) => ({ name: "", value: oneLine(folder, PATH_LIMIT) }));
    sections.push({ kind: "list", title: "Looked for below, in this order", items });
  }
  return {
    rowId: facts.id,
    kind: "file",
    title: facts.shown,
    subtitle: joinNotes([rolesText(facts), look.label, size !== null && formatBytes(size)]),
    status: { text: look.label, tone: look.tone },
    path: facts.namedBy[0]?.jsonPath ?? "",
    offset: null,
    sections,
    raw: null,
    card: null,
  };
}

/** What the file says of itself. */
function headFields({ type, id, status }: NonNullable<FileFacts["head"]>): DetailField[] {
  const fields: DetailField[] = [];
  if (type !== "") fields.push({ name: "_type", value: oneLine(type, 120), hint: "As the file itself says." });
  if (id !== "") fields.push({ name: "id", value: oneLine(id, 200), hint: "As the file itself says." });
  if (status !== "")
    fields.push({ name: "status", value: oneLine(status, 120), tone: statusTone(status), hint: "As the file itself says." });
  return fields;
}

function namedByItems({ namedBy, namedByCount }: FileFacts): DetailField[] {
  const items = namedBy.map(({ text, jsonPath, rowId }): DetailField => ({
    name: text,
    value: jsonPath === "" ? "found there" : jsonPath,
    ...(rowId === null ? {} : { link: { kind: "row" as const, rowId } }),
  }));
  const more = namedByCount - namedBy.length;
  return more > 0 ? [...items, { name: "…", value: `${more.toLocaleString("en-US")} more places` }] : items;
}
