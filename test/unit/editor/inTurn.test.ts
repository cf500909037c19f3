import { describe, expect, it } from "vitest";
import { inTurn } from "../../../src/editor/inTurn.ts";

describe("inTurn", () => {
  it("starts a task when the one before it has ended", async () => {
    const run = inTurn();
    const order: string[] = [];
    let endFirst = (): void => undefined;
    const first = run(async () => {
      order.push("first starts");
      await new Promise<void>((resolve) => (endFirst = resolve));
      order.push("first ends");
    });
    const second = run(() => {
      order.push("second");
      return Promise.resolve(2);
    });
    await Promise.resolve();
    endFirst();
    await first;
    expect(await second).toBe(2);
    expect(order).toEqual(["first starts", "first ends", "second"]);
  });

  it("goes on after a task that failed, and tells only the one who asked for it", async () => {
    const run = inTurn();
    const failing = run(() => Promise.reject(new Error("no")));
    const after = run(() => Promise.resolve("yes"));
    await expect(failing).rejects.toThrow("no");
    expect(await after).toBe("yes");
  });
});
