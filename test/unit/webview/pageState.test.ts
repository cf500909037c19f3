import { describe, expect, it, vi } from "vitest";
import { freshPageState, noteExpansion, readPageState } from "../../../webview/pageState.ts";
import { noQuery } from "../../../webview/tableQuery.ts";
import { PageStateStore } from "../../../webview/PageStateStore.ts";

describe("what VS Code remembers", () => {
  const state = {
    version: 1,
    selected: "stage:1",
    expanded: ["a"],
    collapsed: ["b"],
    scrollTop: 44,
    detailWidth: 300,
    view: "turns",
    tables: { turns: { selected: "@turn:3", query: { text: "a", filters: { model: "m" }, sort: { column: "at", descending: true } } } },
  };
  it("is read back as it was written", () => {
    expect(readPageState(structuredClone(state))).toEqual(state);
  });

  it.each([[null], [undefined], ["state"], [{}], [{ ...state, version: 2 }]])("is nothing when it is not ours: %j", (stored) => {
    expect(readPageState(stored)).toBeNull();
  });

  it("is repaired field by field", () => {
    expect(readPageState({ version: 1, selected: 7, expanded: ["a", 1], collapsed: "b", scrollTop: -3, detailWidth: "wide" })).toEqual({
      ...freshPageState,
      expanded: ["a"],
    });
  });
});

describe("the remembered view and tables", () => {
  const read = (state: object): unknown => readPageState({ ...freshPageState, ...state });

  it.each([["tree"], ["problems"], ["files"]])("keeps a view of this version: %s", (view) => {
    expect(read({ view })).toMatchObject({ view });
  });

  it.each([["timeline"], [7], [null], ["constructor"]])("shows the tree instead of %j", (view) => {
    expect(read({ view })).toMatchObject({ view: "tree" });
  });

  it("leaves out what is no table, and repairs what is", () => {
    const tables = {
      constructor: { selected: "x", query: noQuery },
      timeline: { selected: "x", query: noQuery },
      files: null,
      turns: { selected: 7, query: { text: 3, filters: { a: "b", c: 4 }, sort: { column: 9 } } },
      daemon: { selected: "@daemon:1", query: "all" },
    };
    expect(read({ tables })).toMatchObject({
      tables: {
        turns: { selected: null, query: { text: "", filters: { a: "b" }, sort: null } },
        daemon: { selected: "@daemon:1", query: noQuery },
      },
    });
    expect(Object.keys((read({ tables }) as { tables: object }).tables)).toEqual(["turns", "daemon"]);
  });

  it("bounds what it takes over", () => {
    const filters = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`f${n}`, "x"]));
    const long = "x".repeat(5000);
    const state = readPageState({
      ...freshPageState,
      tables: { turns: { selected: long, query: { text: long, filters: { ...filters, f3: long }, sort: { column: long } } } },
    });
    const table = state?.tables.turns;
    expect(table?.selected).toBeNull();
    expect(table?.query.text).toHaveLength(500);
    expect(Object.keys(table?.query.filters ?? {})).toHaveLength(20);
    expect(table?.query.sort).toBeNull();
  });
});

describe("noteExpansion", () => {
  it("keeps a row in one list, the last choice winning", () => {
    const opened = noteExpansion(freshPageState, ["a", "b"], true);
    const closed = noteExpansion(opened, ["a"], false);
    expect(closed).toMatchObject({ expanded: ["b"], collapsed: ["a"] });
    expect(noteExpansion(closed, ["a"], true)).toMatchObject({ expanded: ["b", "a"], collapsed: [] });
  });

  it("forgets the oldest beyond two thousand", () => {
    const ids = Array.from({ length: 2500 }, (_, n) => `stage:${n}`);
    const { expanded } = noteExpansion(freshPageState, ids, true);
    expect(expanded).toHaveLength(2000);
    expect(expanded.at(-1)).toBe("stage:2499");
  });
});

describe("PageStateStore", () => {
  it("writes once for many changes, and what waits when told to", () => {
    vi.useFakeTimers();
    try {
      const write = vi.fn();
      const store = new PageStateStore(null, write);
      store.update((now) => ({ ...now, scrollTop: 1 }));
      store.update((now) => ({ ...now, scrollTop: 2 }));
      expect(write).not.toHaveBeenCalled();
      vi.runAllTimers();
      expect(write.mock.calls).toEqual([[{ ...freshPageState, scrollTop: 2 }]]);
      store.update((now) => ({ ...now, scrollTop: 3 }));
      store.flush();
      store.flush();
      expect(write).toHaveBeenCalledTimes(2);
    } finally {
      vi.useRealTimers();
    }
  });
});
