import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatFloat, readFloat } from "../../../src/json/floatText.ts";

describe("readFloat", () => {
  it.each([
    ["0.9280640504398593", "0.9280640504398592"],
    ["1.1640322042148132e-07", "1.1640322042148134e-7"],
    ["2.908424194515324e-8", "2.9084241945153242e-8"],
    ["2.9084241945153242e-8", "2.908424194515324e-8"],
    ["0", "0.0"],
    ["-0", "-0.0"],
    ["-0.0e5", "-0.0"],
    ["1", "1.0"],
    ["-1", "-1.0"],
    ["1e2", "100.0"],
    ["0.1", "0.1"],
    ["123456789012345", "123456789012345.0"],
    ["9007199254740993", "9007199254740992.0"],
    ["18446744073709551615", "1.8446744073709552e+19"],
    ["18446744073709551616", "1.8446744073709552e+19"],
    ["-9223372036854775809", "-9.223372036854776e+18"],
    ["18446744073709551615.9", "1.8446744073709552e+19"],
    ["18446744073709551616.5", "1.8446744073709552e+19"],
    ["1e-400", "0.0"],
    ["-1e-400", "-0.0"],
    ["5e-324", "5e-324"],
    ["1e-5", "0.00001"],
    ["1e308", "1e+308"],
    ["0e999", "0.0"],
    ["-0e99999999999", "-0.0"],
    ["1e-99999999999", "0.0"],
    ["-7e-99999999999", "-0.0"],
    ["0.00000000000000000000000000000000000000000000000000001e50", "0.001"],
    ["1e0000000000000001", "10.0"],
  ])("%s is %s", (text, expected) => {
    const value = readFloat(text);
    expect(value === undefined ? value : formatFloat(value)).toBe(expected);
  });

  it.each([
    "1e309",
    "-1e309",
    "1e999",
    "1e99999999999",
    "-1e2147483648",
    "1.8e308",
    "1e2147483647",
    `1${"0".repeat(309)}`,
    "18446744073709551616e300",
  ])("%s is out of range", (text) => {
    expect(readFloat(text)).toBeUndefined();
  });

  it("is exact for integers of up to 64 bits, rounded once", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (value) => {
        fc.pre(value !== 0n);
        expect(readFloat(value.toString())).toBe(Number(value));
      }),
    );
  });

  it("is exact for up to 15 digits and powers of ten to 22", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }),
        fc.integer({ min: -22, max: 22 }),
        (digits, exponent) => {
          const text = `${Object.is(digits, -0) ? 0 : digits}e${exponent}`;
          expect(readFloat(text)).toBe(Number(text));
        },
      ),
    );
  });

  it("is never further than a few steps from the nearest double", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }), (value) => {
        fc.pre(Math.abs(value) > 1e-290);
        const read = readFloat(String(value)) ?? NaN;
        expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -51);
      }),
      { numRuns: 2000 },
    );
  });

  it("reads off by a step about one decimal in nine", () => {
    let off = 0;
    let seed = 12345;
    for (let count = 0; count < 20_000; count++) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      const high = seed;
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      const value = (high + seed / 2 ** 32) / 2 ** 32;
      if (readFloat(String(value)) !== value) off++;
    }
    expect(off / 20_000).toBeGreaterThan(0.05);
    expect(off / 20_000).toBeLessThan(0.2);
  });
});

describe("formatFloat", () => {
  it.each([
    [0, "0.0"],
    [-0, "-0.0"],
    [1, "1.0"],
    [-1, "-1.0"],
    [100, "100.0"],
    [12.34, "12.34"],
    [0.00001, "0.00001"],
    [0.000012345, "0.000012345"],
    [1e-6, "1e-6"],
    [9.99e-6, "9.99e-6"],
    [1.234e-6, "1.234e-6"],
    [1e15, "1000000000000000.0"],
    [9999999999999998, "9999999999999998.0"],
    [1e16, "1e+16"],
    [1.5e300, "1.5e+300"],
    [18446744073709552000, "1.8446744073709552e+19"],
    [5e-324, "5e-324"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
    [123456.789, "123456.789"],
    [-2.5e-7, "-2.5e-7"],
    [0.1 + 0.2, "0.30000000000000004"],
  ])("%d is %s", (value, expected) => {
    expect(formatFloat(value)).toBe(expected);
  });

  it("is JavaScript's digits in the layout of the decimal exponent, and reads back", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        fc.pre(value !== 0);
        const text = formatFloat(value);
        expect(Number(text)).toBe(value);
        const [, sign = "", digits = "", exponentText = ""] = /^(-?)([\d.]+)e([+-]\d+)$/.exec(value.toExponential()) ?? [];
        const exponent = Number(exponentText);
        if (exponent < -5 || exponent > 15) expect(text).toBe(value.toExponential());
        else {
          expect(text).toMatch(/^-?\d+\.\d+$/);
          const significant = digits.replace(".", "");
          const whole = exponent < 0 ? "0" : significant.slice(0, exponent + 1).padEnd(exponent + 1, "0");
          const fraction = exponent < 0 ? "0".repeat(-exponent - 1) + significant : significant.slice(exponent + 1);
          expect(text).toBe(`${sign}${whole}.${fraction === "" ? "0" : fraction}`);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
