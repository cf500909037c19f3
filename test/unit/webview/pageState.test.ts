import { describe, expect, it, vi } from "vitest";
import { freshPageState, noteExpansion, readPageState } from "../../../webview/pageState.ts";
import { PageStateStore } from "../../../webview/PageStateStore.ts";

describe("what VS Code remembers", () => {
  const state = { version: 1, selected: "stage:1", expanded: ["a"], collapsed: ["b"], scrollTop: 44, detailWidth: 300 };
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
