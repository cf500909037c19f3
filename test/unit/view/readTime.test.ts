import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTime, timeSpan, timeView } from "../../../src/view/readTime.ts";

describe("readTime", () => {
  it.each([
    ["uuid version 7", "01a1ceeb-298f-79a0-81cc-4c483efcb263", 0x01a1ceeb298f],
    ["uuid version 7 in capitals", "01A1CEEB-298F-79A0-81CC-4C483EFCB263", 0x01a1ceeb298f],
    ["a run id of the runtime", "run_01a1ceeb-298f-79a0-81cc-4c483efcb263", 0x01a1ceeb298f],
    ["an id of a later version", "hxe-01a1ceeb-298f-79a0-81cc-4c483efcb263", 0x01a1ceeb298f],
    ["unix seconds", "1795359538", 1795359538000],
    ["unix seconds with a fraction", "1795359557.123", 1795359557123],
    ["a fraction of one digit", "1795359557.5", 1795359557500],
    ["a fraction of nanoseconds", "1795359557.123456789", 1795359557123],
    ["seconds before 1970", "-1.5", -1500],
    ["unix milliseconds", "1795359557123", 1795359557123],
    ["RFC 3339", "2026-11-19T02:30:46Z", Date.UTC(2026, 10, 19, 2, 30, 46)],
    ["RFC 3339 with nanoseconds", "2026-11-19T02:30:46.825198236Z", Date.UTC(2026, 10, 19, 2, 30, 46, 825)],
    ["RFC 3339 with an offset", "2026-11-19T04:30:46+02:00", Date.UTC(2026, 10, 19, 2, 30, 46)],
    ["RFC 3339 west of Greenwich", "2026-11-18T20:30:46-06:00", Date.UTC(2026, 10, 19, 2, 30, 46)],
    ["RFC 3339 with a blank", "2026-11-19 02:30:46z", Date.UTC(2026, 10, 19, 2, 30, 46)],
    ["a leap second", "2016-12-31T23:59:60Z", Date.UTC(2017, 0, 1)],
  ])("reads %s", (_, text, ms) => {
    expect(readTime(text)).toBe(ms);
  });

  it.each([
    ["nothing", ""],
    ["words", "yesterday"],
    ["uuid version 4", "01a1ceeb-298f-49a0-81cc-4c483efcb263"],
    ["a month that is none", "2026-13-19T02:30:46Z"],
    ["a day that is none", "2026-02-30T02:30:46Z"],
    ["an hour that is none", "2026-02-20T24:30:46Z"],
    ["no offset", "2026-11-19T02:30:46"],
    ["an offset that is none", "2026-11-19T02:30:46+25:00"],
    ["blanks around", " 1795359538 "],
    ["a number beyond all dates", "9".repeat(16)],
    ["a number of a thousand digits", "9".repeat(1000)],
    ["hexadecimal", "0x1795359538"],
    ["a point without digits", "1795359538."],
  ])("does not take %s for a time", (_, text) => {
    expect(readTime(text)).toBeNull();
  });

  it("gives back what Date writes", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }), (date) => {
        expect(readTime(date.toISOString())).toBe(date.getTime());
      }),
    );
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => void readTime(text)));
  });
});

describe("timeSpan", () => {
  it("measures across spellings", () => {
    expect(timeSpan("2026-11-19T02:30:46Z", String(Date.UTC(2026, 10, 19, 2, 30, 47) / 1000))).toBe(1000);
  });
  it.each([
    [null, "1"],
    ["1", null],
    ["", "1"],
    ["1", "soon"],
  ])("is null from %j to %j", (from, to) => {
    expect(timeSpan(from, to)).toBeNull();
  });
  it("keeps the text of a time it cannot read", () => {
    expect(timeView("soon")).toEqual({ text: "soon", epochMs: null });
    expect(timeView("")).toBeNull();
  });
});
