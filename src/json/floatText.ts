const MAX_U64 = 18446744073709551615n;

/** Below this a product by ten plus a digit is exact in a double. */
const SAFE_PREFIX = 900719925474098;

const POWERS = Float64Array.from({ length: 309 }, (_, exponent) => Number(`1e${exponent}`));

const MAX_I32 = 2147483647;
const MIN_I32 = -2147483648;

/**
 * Reads a JSON number as the runtime does, which does not round correctly: about one decimal in nine comes out one step beside what
 * `Number` gives (run record format, numbers). `undefined` means "number out of range".
 *
 * @param text a number in JSON's grammar; integers are read as floats too
 */
export function readFloat(text: string): number | undefined {
  const negative = text.startsWith("-");
  const significand = new Significand();
  let exponent = 0;
  let at = negative ? 1 : 0;
  for (let taking = true, digit = digitAt(text, at); digit >= 0; digit = digitAt(text, ++at)) {
    taking = taking && significand.take(digit);
    if (!taking) exponent++;
  }
  if (text[at] === ".") {
    at++;
    for (let taking = true, digit = digitAt(text, at); digit >= 0; digit = digitAt(text, ++at)) {
      taking = taking && significand.take(digit);
      if (taking) exponent--;
    }
  }
  if (text[at] === "e" || text[at] === "E") {
    at++;
    const down = text[at] === "-";
    if (down || text[at] === "+") at++;
    let written = 0;
    for (let digit = digitAt(text, at); digit >= 0; digit = digitAt(text, ++at)) {
      written = written * 10 + digit;
      if (written > MAX_I32) return significand.isZero || down ? (negative ? -0 : 0) : undefined;
    }
    exponent = Math.max(MIN_I32, Math.min(MAX_I32, down ? exponent - written : exponent + written));
  }
  const magnitude = scale(significand.toNumber(), exponent);
  return magnitude === undefined ? undefined : negative ? -magnitude : magnitude;
}

function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 0x30;
  return digit >= 0 && digit <= 9 ? digit : -1;
}

/** The unsigned 64-bit integer digits are collected in: a double while it is exact, a bigint after. */
class Significand {
  #low = 0;
  #wide: bigint | undefined;

  /** Appends a digit; false, and unchanged, when the result is beyond 64 bits. */
  take(digit: number): boolean {
    if (this.#wide === undefined) {
      if (this.#low < SAFE_PREFIX) {
        this.#low = this.#low * 10 + digit;
        return true;
      }
      this.#wide = BigInt(this.#low);
    }
    const next = this.#wide * 10n + BigInt(digit);
    if (next > MAX_U64) return false;
    this.#wide = next;
    return true;
  }

  get isZero(): boolean {
    return this.#wide === undefined && this.#low === 0;
  }

  toNumber(): number {
    return this.#wide === undefined ? this.#low : Number(this.#wide);
  }
}

/** `value` times ten to the `exponent` in one rounding step, or several by 1e308 for very small results; `undefined` when infinite. */
function scale(value: number, exponent: number): number | undefined {
  for (;;) {
    const power = POWERS[Math.abs(exponent)];
    if (power !== undefined) {
      const scaled = exponent >= 0 ? value * power : value / power;
      return Number.isFinite(scaled) ? scaled : undefined;
    }
    if (value === 0) return 0;
    if (exponent > 0) return undefined;
    value /= 1e308;
    exponent += 308;
  }
}

/**
 * A float as the runtime writes it: the shortest digits that read back the same, always with a point or an exponent (run record format,
 * 5.3). The value must be finite; a writer puts `null` for others.
 */
export function formatFloat(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  if (magnitude < 1e-5 || magnitude >= 1e16) return value.toExponential();
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
