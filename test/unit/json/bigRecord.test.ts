import { describe, expect, it } from "vitest";
import { bigRecord } from "../../../bench/bigRecord.ts";
import { childCount, findMember } from "../../../src/json/cursor.ts";
import { scan } from "../../../src/json/scan.ts";

describe("bigRecord", () => {
  it.each([20_000, 1_000_000])("makes about %i bytes of JSON as the runtime lays it out", (size) => {
    const bytes = bigRecord(size, 3);
    const tape = scan(bytes);
    expect(tape).toMatchObject({ error: undefined, invalidUtf8At: -1 });
    expect(childCount(tape, findMember(tape, 0, "stages"))).toBeGreaterThan(0);
    expect(childCount(tape, 0)).toBe(30);
    if (size >= 1_000_000) expect(Math.abs(bytes.length / size - 1)).toBeLessThan(0.1);
    // Key order and layout survive JSON.parse; floats that are whole and integers beyond 2^53 would not, and there are none.
    const text = new TextDecoder().decode(bytes);
    expect(JSON.stringify(JSON.parse(text), null, 2)).toBe(text);
  });

  it("gives the same bytes for the same seed only", () => {
    expect(bigRecord(50_000, 5)).toEqual(bigRecord(50_000, 5));
    expect(bigRecord(50_000, 5)).not.toEqual(bigRecord(50_000, 6));
  });
});
