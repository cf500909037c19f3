/**
 * Order of two texts by their UTF-8 bytes, which is the order of code points and that of the runtime (`<` compares UTF-16 units instead and
 * puts U+FFFD after U+1F600). Negative, 0 or positive; for `Array.prototype.sort`.
 */
export function compareBytes(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left === right) continue;
    // Halves of pairs stand for code points above all others, yet their units lie below U+E000.
    return rank(left) - rank(right);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
