import { expect, it } from "vitest";
import { withoutDeadLinks } from "../../../src/engine/around/withoutDeadLinks.ts";
import type { DetailField, RowDetail } from "../../../src/view/types.ts";

const to = (rowId: string): DetailField => ({ name: "session", value: rowId, link: { kind: "tableRow", table: "sessions", rowId } });
const tree: DetailField = { name: "stage", value: "plan", link: { kind: "row", rowId: "stage:0" } };
const text = { kind: "text", title: "said", text: { head: "x", length: 1, ref: null }, format: "plain" } as const;

it("keeps the text of a link that leads to no row of its table, and all other links", () => {
  const detail: RowDetail = {
    rowId: "@turn:a",
    kind: "modelTurn",
    title: "Turn 1",
    subtitle: "",
    status: null,
    path: "",
    offset: null,
    sections: [
      { kind: "fields", title: "f", fields: [to("here"), to("gone"), tree] },
      { kind: "list", title: "l", items: [to("gone")] },
      text,
    ],
    raw: null,
    card: null,
  };
  const asked: string[] = [];
  const shown = withoutDeadLinks(detail, (table, rowId) => (asked.push(`${table} ${rowId}`), rowId === "here"));
  expect(shown.sections).toEqual([
    { kind: "fields", title: "f", fields: [to("here"), { name: "session", value: "gone" }, tree] },
    { kind: "list", title: "l", items: [{ name: "session", value: "gone" }] },
    text,
  ]);
  expect(asked).toEqual(["sessions here", "sessions gone", "sessions gone"]);
});
