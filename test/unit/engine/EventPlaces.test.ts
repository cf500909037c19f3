import { expect, it } from "vitest";
import { EventPlaces } from "../../../src/engine/ports/EventPlaces.ts";

it("names the page an id should stand in", () => {
  const places = new EventPlaces();
  for (const [id, offset] of [
    [1n, 0],
    [10n, 500],
    [10n, 500],
    [1n, 0],
    [20n, 900],
  ] as const)
    places.add("t", id, offset);
  expect([0n, 1n, 9n, 10n, 19n, 20n, 99n].map((id) => places.pageOf("t", id))).toEqual([
    null,
    { from: 0, to: 500 },
    { from: 0, to: 500 },
    { from: 500, to: 900 },
    { from: 500, to: 900 },
    { from: 900, to: Infinity },
    { from: 900, to: Infinity },
  ]);
  expect(places.pageOf("other", 1n)).toBeNull();
  places.forget("t");
  expect(places.pageOf("t", 1n)).toBeNull();
});
