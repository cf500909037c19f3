import { expect, it } from "vitest";
import { newUuid, uuidSource } from "../../../src/engine/ports/newUuid.ts";
import { nowRfc3339 } from "../../../src/engine/ports/nowRfc3339.ts";

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const timeOf = (id: string): number => parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

it("has the form of version 7 and holds the time", () => {
  const before = Date.now();
  const id = newUuid();
  expect(id).toMatch(FORM);
  expect(timeOf(id)).toBeGreaterThanOrEqual(before - 1);
  expect(timeOf(id)).toBeLessThanOrEqual(Date.now() + 1);
});

it("only grows: within a millisecond, past the counter's end, and when the clock goes back", () => {
  let now = 1_795_000_000_000;
  const next = uuidSource(
    () => now,
    (target) => target.fill(0xff),
  );
  const ids: string[] = [];
  for (let index = 0; index < 10_000; index++) {
    if (index === 6000) now -= 5000;
    if (index === 8000) now += 60_000;
    ids.push(next());
  }
  expect(ids.every((id) => FORM.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual([...ids].sort());
});

it("tells the time in whole seconds, as text", () => {
  expect(nowRfc3339(1_795_359_538_999)).toBe("1795359538");
  expect(Math.abs(Number(nowRfc3339()) - Date.now() / 1000)).toBeLessThan(5);
});
