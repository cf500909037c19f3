/** One line of a difference, with its sign: ` ` in both, `-` only before, `+` only after. */
interface Step {
  readonly sign: " " | "-" | "+";
  readonly line: string;
}

const CONTEXT = 3;
/** Beyond this many changed lines a shortest difference takes too long. */
const MAX_CHANGED = 2000;

/**
 * The difference of two texts in the unified format, three lines of context. Null when the texts differ in too many lines to be worth it;
 * empty when they are the same.
 */
export function unifiedDiff(before: string, after: string, names: { readonly before: string; readonly after: string }): string | null {
  if (before === after) return "";
  const steps = diffLines(before.split("\n"), after.split("\n"));
  if (steps === null) return null;
  return [`--- ${names.before}`, `+++ ${names.after}`, ...hunks(steps)].join("\n") + "\n";
}

/** The shortest way from one list of lines to the other (Myers' greedy search), or null when it is too long. */
function diffLines(a: readonly string[], b: readonly string[]): Step[] | null {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const middle = shortestEdit(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  if (middle === null) return null;
  const same = (line: string): Step => ({ sign: " ", line });
  return [...a.slice(0, head).map(same), ...middle, ...a.slice(a.length - tail).map(same)];
}

function shortestEdit(a: readonly string[], b: readonly string[]): Step[] | null {
  const most = Math.min(a.length + b.length, MAX_CHANGED);
  /** How far down `a` the best path on each diagonal (`x - y`, moved by `most + 1`) has come. */
  const reach = new Int32Array(2 * most + 3);
  const history: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits++) {
    history.push(reach.slice(most + 1 - edits - 1, most + 1 + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const at = most + 1 + diagonal;
      const down = diagonal === -edits || (diagonal !== edits && (reach[at - 1] ?? 0) < (reach[at + 1] ?? 0));
      let x = down ? (reach[at + 1] ?? 0) : (reach[at - 1] ?? 0) + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      reach[at] = x;
      if (x >= a.length && x - diagonal >= b.length) return walkBack(a, b, history);
    }
  }
  return null;
}

/** Follows the search from its end to its beginning. */
function walkBack(a: readonly string[], b: readonly string[], history: readonly Int32Array[]): Step[] {
  const steps: Step[] = [];
  let x = a.length;
  let y = b.length;
  for (let edits = history.length - 1; edits > 0; edits--) {
    const reach = history[edits];
    const reached = (diagonal: number): number => reach?.[diagonal + edits + 1] ?? 0;
    const diagonal = x - y;
    const down = diagonal === -edits || (diagonal !== edits && reached(diagonal - 1) < reached(diagonal + 1));
    const fromX = down ? reached(diagonal + 1) : reached(diagonal - 1);
    while (x > fromX + (down ? 0 : 1)) {
      steps.push({ sign: " ", line: a[--x] ?? "" });
      y--;
    }
    if (down) steps.push({ sign: "+", line: b[--y] ?? "" });
    else steps.push({ sign: "-", line: a[--x] ?? "" });
  }
  while (x > 0) steps.push({ sign: " ", line: a[--x] ?? "" });
  return steps.reverse();
}

/** Groups the changed lines with their context. */
function hunks(steps: readonly Step[]): string[] {
  const lines: string[] = [];
  let beforeLine = 1;
  let afterLine = 1;
  let at = 0;
  while (at < steps.length) {
    if (steps[at]?.sign === " ") {
      beforeLine++;
      afterLine++;
      at++;
      continue;
    }
    const from = Math.max(0, at - CONTEXT);
    let to = at;
    for (let look = at; look < steps.length && look - to <= 2 * CONTEXT; look++) if (steps[look]?.sign !== " ") to = look;
    const end = Math.min(steps.length, to + 1 + CONTEXT);
    const hunk = steps.slice(from, end);
    const removed = hunk.filter(({ sign }) => sign !== "+").length;
    const added = hunk.filter(({ sign }) => sign !== "-").length;
    lines.push(`@@ -${beforeLine - (at - from)},${removed} +${afterLine - (at - from)},${added} @@`);
    for (const { sign, line } of hunk) lines.push(`${sign}${line}`);
    for (const { sign } of steps.slice(at, end)) {
      if (sign !== "+") beforeLine++;
      if (sign !== "-") afterLine++;
    }
    at = end;
  }
  return lines;
}
