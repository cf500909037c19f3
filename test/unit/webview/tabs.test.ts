import { describe, expect, it } from "vitest";
import type { AroundView } from "../../../src/view/tables.ts";
import { TABLE_IDS } from "../../../src/view/tables.ts";
import { fittingTabs, tableTitles, viewTabs } from "../../../webview/tabs.ts";

const around: AroundView = {
  version: 1,
  treeVersion: 1,
  tabs: [
    { id: "files", count: 4, alert: null },
    { id: "questions", count: 5, alert: "1 open" },
  ],
  openRequests: [],
  log: { state: "absent", what: "event log", path: null, note: "", offer: null },
};

describe("viewTabs", () => {
  it("has the tables' order, whatever order they come in", () => {
    expect(Object.keys(tableTitles)).toEqual([...TABLE_IDS]);
    expect(viewTabs(around, 3, "tree").map((tab) => [tab.id, tab.count, tab.alert])).toEqual([
      ["tree", null, null],
      ["questions", 5, "1 open"],
      ["files", 4, null],
      ["problems", 3, null],
    ]);
  });

  it("keeps a place for a view that is waited for", () => {
    expect(viewTabs(null, 0, "turns").map((tab) => tab.id)).toEqual(["tree", "turns"]);
    expect(viewTabs(null, 0, "problems").map((tab) => tab.id)).toEqual(["tree"]);
  });
});

describe("fittingTabs", () => {
  const widths = [50, 90, 70, 60, 80];
  it.each([
    ["all where there is room", 350, 0, [0, 1, 2, 3, 4]],
    ["a menu's room is kept where there is not", 349, 0, [0, 1, 2, 3]],
    ["as many as fit", 250, 1, [0, 1]],
    ["the selected one in the place of others", 250, 4, [0, 4]],
    ["the selected one alone, however narrow it is", 20, 3, [3]],
  ] satisfies [string, number, number, number[]][])("%s", (_, room, selected, expected) => {
    expect(fittingTabs(widths, room, 70, selected)).toEqual(expected);
  });
});
