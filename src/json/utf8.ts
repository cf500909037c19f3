/**
 * Length in bytes (2 to 4) of the valid UTF-8 sequence that a byte of 0x80 or more begins, 0 when it begins none: overlong forms, encoded
 * surrogates and values above U+10FFFF are invalid.
 */
export function utf8SequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (at + size > bytes.length) return 0;
  const second = bytes[at + 1] ?? 0;
  if ((second & 0xc0) !== 0x80) return 0;
  if (size === 2) return 2;
  if (((bytes[at + 2] ?? 0) & 0xc0) !== 0x80) return 0;
  if (size === 3) {
    if ((lead === 0xe0 && second < 0xa0) || (lead === 0xed && second > 0x9f)) return 0;
    return 3;
  }
  if (((bytes[at + 3] ?? 0) & 0xc0) !== 0x80) return 0;
  return (lead === 0xf0 && second < 0x90) || (lead === 0xf4 && second > 0x8f) ? 0 : 4;
}

/** Byte offset of the first invalid UTF-8 sequence at or after `from` (which must not be inside one), -1 when there is none. */
export function findInvalidUtf8(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length) {
    if ((bytes[at] ?? 0) < 0x80) {
      at++;
      continue;
    }
    const size = utf8SequenceLength(bytes, at);
    if (size === 0) return at;
    at += size;
  }
  return -1;
}
