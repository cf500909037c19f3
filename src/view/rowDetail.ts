import { pathOf } from "../json/cursor.ts";
import { NO_NODE } from "../json/Tape.ts";
import { pathText } from "../record/Problem.ts";
import { boundSections } from "./boundSections.ts";
import { longText } from "./longText.ts";
import { rowSections } from "./rows/rowKinds.ts";
import type { RunTree } from "./RunTree.ts";
import type { ChildCard, RowDetail } from "./types.ts";

/**
 * The detail pane of a row; null when the tree has no such row.
 *
 * @param card for a child run the card made by `childCard`, which needs to know about files
 */
export function rowDetail(tree: RunTree, rowId: string, card: ChildCard | null = null): RowDetail | null {
  const row = tree.find(rowId);
  if (row === null) return null;
  const node = tree.node(row);
  const { title, subtitle, sections } = rowSections(row.source, row.id, tree);
  return {
    rowId: row.id,
    kind: row.kind,
    title,
    subtitle,
    status: tree.facts(row).status,
    path: node === NO_NODE ? "" : pathText(pathOf(tree.tape, node)),
    offset: node === NO_NODE ? null : tree.tape.start(node),
    sections: boundSections(sections),
    raw: node === NO_NODE ? null : longText(tree.tape, node, "json"),
    card: row.kind === "childRun" ? card : null,
  };
}
