import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AroundWatch, LOOK_EVERY_MS } from "../../../src/editor/AroundWatch.ts";
import { EngineRequestError } from "../../../src/engine/EngineClient.ts";

/** A watch whose looks are ended by hand, in a window whose focus is set. */
function watchInWindow() {
  const looks: { end: () => void; fail: (cause: unknown) => void }[] = [];
  const failures: string[] = [];
  const listeners = new Set<() => void>();
  const window = { focused: true };
  const watch = new AroundWatch({
    look: () => new Promise<void>((resolve, reject) => looks.push({ end: resolve, fail: reject })),
    isFocused: () => window.focused,
    onDidChangeFocus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    failed: (message) => failures.push(message),
  });
  return {
    watch,
    looks,
    failures,
    listeners,
    focus(on: boolean) {
      window.focused = on;
      for (const listener of listeners) listener();
    },
    /** Ends the look under way, and lets what follows from it happen. */
    async end() {
      looks.at(-1)?.end();
      await vi.advanceTimersByTimeAsync(0);
    },
    async fail(cause: unknown) {
      looks.at(-1)?.fail(cause);
      await vi.advanceTimersByTimeAsync(0);
    },
    pass: (ms: number) => vi.advanceTimersByTimeAsync(ms),
  };
}

describe("the watch on what lies around a record", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.clearAllTimers();
    vi.useRealTimers();
  });

  it("does nothing as long as nobody sees the record", async () => {
    const { watch, looks, focus, pass } = watchInWindow();
    watch.lookNow();
    focus(true);
    await pass(10 * LOOK_EVERY_MS);
    expect(looks).toHaveLength(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("looks at once, and then again some time after each look has ended", async () => {
    const { watch, looks, end, pass } = watchInWindow();
    watch.shown("p");
    expect(looks).toHaveLength(1);
    await pass(10 * LOOK_EVERY_MS);
    expect(looks).toHaveLength(1);
    await end();
    await pass(LOOK_EVERY_MS - 1);
    expect(looks).toHaveLength(1);
    await pass(1);
    expect(looks).toHaveLength(2);
  });

  it("looks once more, and not twice at a time, when asked during a look", async () => {
    const { watch, looks, end } = watchInWindow();
    watch.shown("p");
    watch.shown("q");
    watch.lookNow();
    expect(looks).toHaveLength(1);
    await end();
    expect(looks).toHaveLength(2);
    await end();
    expect(looks).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(1);
  });

  it("goes on until the last page is hidden, and then runs no timer", async () => {
    const { watch, looks, end, pass } = watchInWindow();
    watch.shown("p");
    watch.shown("q");
    await end();
    await end();
    watch.hidden("p");
    expect(vi.getTimerCount()).toBe(1);
    watch.hidden("q");
    expect(vi.getTimerCount()).toBe(0);
    await pass(10 * LOOK_EVERY_MS);
    expect(looks).toHaveLength(2);
  });

  it("runs no timer after a look that ended when nobody saw the record any more", async () => {
    const { watch, end } = watchInWindow();
    watch.shown("p");
    watch.hidden("p");
    await end();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("looks once in a window without focus, and again when that comes back", async () => {
    const { watch, looks, focus, end } = watchInWindow();
    focus(false);
    watch.shown("p");
    expect(looks).toHaveLength(1);
    await end();
    expect(vi.getTimerCount()).toBe(0);
    focus(true);
    expect(looks).toHaveLength(2);
    await end();
    expect(vi.getTimerCount()).toBe(1);
    focus(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("tells a failure once, goes on, and tells it again after a look that went well", async () => {
    const { watch, failures, fail, end, pass } = watchInWindow();
    watch.shown("p");
    for (let i = 0; i < 3; i++) {
      await fail(new EngineRequestError({ code: "unreadable", message: "No." }));
      await pass(LOOK_EVERY_MS);
    }
    expect(failures).toEqual(["No."]);
    await end();
    await pass(LOOK_EVERY_MS);
    await fail(new EngineRequestError({ code: "unreadable", message: "No." }));
    expect(failures).toEqual(["No.", "No."]);
  });

  it("waits for the page to come again when the engine knows the record no more", async () => {
    const { watch, looks, failures, fail } = watchInWindow();
    watch.shown("p");
    await fail(new EngineRequestError({ code: "stale", message: "Not open." }));
    expect(failures).toEqual(["Not open."]);
    expect(vi.getTimerCount()).toBe(0);
    watch.shown("p");
    expect(looks).toHaveLength(2);
  });

  it("says nothing of requests that were given up, and nothing after its end", async () => {
    const { watch, looks, failures, listeners, fail } = watchInWindow();
    watch.shown("p");
    await fail(new EngineRequestError({ code: "cancelled", message: "Cancelled." }));
    watch.lookNow();
    watch.dispose();
    await fail(new Error("gone"));
    expect(failures).toEqual([]);
    watch.shown("p");
    expect(looks).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
    expect(listeners.size).toBe(0);
  });
});
