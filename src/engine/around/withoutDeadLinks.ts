import type { DetailField, DetailSection, RowDetail } from "../../view/types.ts";

/**
 * A detail without links to rows that the tables beside it do not have: a part names rows of another part by what they would be called.
 *
 * @param hasRow whether a table has a row now
 */
export function withoutDeadLinks(detail: RowDetail, hasRow: (table: string, rowId: string) => boolean): RowDetail {
  const alive = (field: DetailField): DetailField => {
    const { link, ...rest } = field;
    return link?.kind !== "tableRow" || hasRow(link.table, link.rowId) ? field : rest;
  };
  const section = (each: DetailSection): DetailSection => {
    if (each.kind === "fields") return { ...each, fields: each.fields.map(alive) };
    return each.kind === "list" ? { ...each, items: each.items.map(alive) } : each;
  };
  return { ...detail, sections: detail.sections.map(section) };
}
