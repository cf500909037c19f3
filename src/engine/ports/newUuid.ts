import { randomFillSync } from "node:crypto";

/** Makes ids out of a clock (milliseconds since 1970) and a source of random bytes. */
export function uuidSource(nowMs: () => number, fillRandom: (target: Uint8Array) => void): () => string {
  const bytes = new Uint8Array(16);
  let lastMs = -1;
  let counter = 0;
  return () => {
    fillRandom(bytes);
    let ms = Math.trunc(nowMs());
    if (ms > lastMs) {
      lastMs = ms;
      // Half the range, so that there is room to count up within the same millisecond.
      counter = (((bytes[6] ?? 0) << 8) | (bytes[7] ?? 0)) & 0x7ff;
    } else {
      // The same millisecond, or a clock that went back: later ids still sort after earlier ones.
      counter++;
      if (counter > 0xfff) {
        counter = 0;
        lastMs++;
      }
      ms = lastMs;
    }
    for (let index = 5; index >= 0; index--) {
      bytes[index] = ms % 256;
      ms = Math.floor(ms / 256);
    }
    bytes[6] = 0x70 | (counter >> 8);
    bytes[7] = counter & 0xff;
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}

/** A UUID of version 7, lower case with hyphens: first 48 bits the time in milliseconds, then a counter, then random bits. */
export const newUuid: () => string = uuidSource(Date.now, randomFillSync);
