import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ancestors, elements, findMember, members, pathOf, resolvePath, stringText } from "../../../src/json/cursor.ts";
import { scan } from "../../../src/json/scan.ts";
import { NO_NODE } from "../../../src/json/Tape.ts";
import type { NodeId, Tape } from "../../../src/json/Tape.ts";
import { compileStruct } from "../../../src/record/codec.ts";
import { Decoder } from "../../../src/record/decode.ts";
import { encodePretty } from "../../../src/record/encode.ts";
import { prepareNormalize, prepareSave } from "../../../src/record/prepareSave.ts";
import type { Prepared } from "../../../src/record/prepareSave.ts";
import { readRecord } from "../../../src/record/readRecord.ts";
import { readRunRecord, scanStrictly } from "../../../src/record/readStrictly.ts";
import { recordChanges } from "../../../src/record/recordChanges.ts";
import type { RecordChange } from "../../../src/record/recordChanges.ts";
import { RunRecord } from "../../../src/record/schema/RunRecord.ts";
import { portsWith, textOf, utf8 } from "./builders.ts";
import { RecordText } from "./RecordText.ts";
import type { RecordTextOptions } from "./RecordText.ts";

const PATH = ".harn-runs/r.json";
const ODD: RecordTextOptions = { oddForms: true, unknown: true, repeats: true, foreign: 0 };
const PLAIN: RecordTextOptions = { ...ODD, oddForms: false, repeats: false };

const madeUp = fc.record({ seed: fc.integer(), size: fc.integer({ min: 0, max: 3 }) });
const RUNS = { numRuns: 400 };

type Operation = "save" | "normalize";
const operation = fc.constantFrom<Operation>("save", "normalize");

async function lossless(bytes: Uint8Array, what: Operation): Promise<Prepared> {
  const options = { fidelity: "lossless", rederive: false } as const;
  const ports = portsWith();
  const made = await (what === "save" ? prepareSave(bytes, { ...options, path: PATH }, ports) : prepareNormalize(bytes, options, ports));
  if (!made.ok) throw new Error(made.message);
  return made;
}

/** Whether a change tells of a node of the text before: one at it or around it. */
function covers(changes: readonly RecordChange[], tape: Tape, node: NodeId): boolean {
  const around = new Set(ancestors(tape, node));
  return changes.some(({ before }) => around.has(before));
}

describe("a lossless save or normalise", () => {
  test("keeps every unknown field with its own text, or tells that it goes", async () => {
    await fc.assert(
      fc.asyncProperty(madeUp, operation, async ({ seed, size }, what) => {
        const source = new RecordText(seed, size, ODD);
        const bytes = utf8(source.record());
        const made = await lossless(bytes, what);
        const written = textOf(made.bytes);
        const before = scan(bytes);
        const changes = recordChanges(before, scan(made.bytes));
        for (const { key, text } of source.unknownFields) {
          if (written.includes(`"${key}": ${text}`) || written.includes(`"${key}":${text}`)) continue;
          const node = nodeOfKey(before, key);
          // Outside of what is made anew a field goes only with an earlier value of a repeated key.
          const around = new Set(ancestors(before, node));
          const told = changes.filter((change) => around.has(change.before));
          const [root] = pathOf(before, node);
          const anew = root === "observability" || root === "artifacts" || root === "handoffs";
          expect(
            told.some(({ group, change }) => (group === "lost" && change === "removed") || anew),
            `${key} is lost unsaid`,
          ).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test("keeps the text of every number outside of what is made anew, and the order of keys", async () => {
    await fc.assert(
      fc.asyncProperty(madeUp, operation, async ({ seed, size }, what) => {
        const bytes = utf8(new RecordText(seed, size, PLAIN).record());
        const before = scan(bytes);
        const after = scan((await lossless(bytes, what)).bytes);
        for (const [key, value] of members(before, 0)) {
          if (!["observability", "artifacts", "handoffs"].includes(stringText(before, key))) expectSameParts(before, value, after);
        }
        expectKeyOrder(before, 0, after, 0);
      }),
      RUNS,
    );
  });

  test("has no difference that its changes do not tell", async () => {
    await fc.assert(
      fc.asyncProperty(madeUp, operation, fc.integer({ min: 0, max: 1 }), async ({ seed, size }, what, foreign) => {
        const bytes = utf8(new RecordText(seed, size, { ...ODD, foreign: foreign * 40 }).record());
        const before = scan(bytes);
        const after = scan((await lossless(bytes, what)).bytes);
        const changes = recordChanges(before, after);
        const told = (tape: Tape, side: "before" | "after", path: readonly (string | number)[]): boolean => {
          const node = resolvePath(tape, path);
          if (node === NO_NODE) return false;
          const around = new Set(ancestors(tape, node));
          // A container that was empty on one side differs by what is inside it.
          const inside = (change: RecordChange): boolean => change[side] > node && change[side] < tape.next(node);
          return changes.some((change) => around.has(change[side]) || inside(change));
        };
        for (const path of differingPaths(before, after)) {
          // Elements of a list that lost one or was reordered stand at other places: the list's own change tells it.
          const listTold = path.some(
            (step, at) => typeof step === "number" && changes.some((change) => isElementChange(change, path.slice(0, at))),
          );
          const isTold = listTold || told(before, "before", path) || told(after, "after", path) || isEmptyContainer(before, after, path);
          expect(isTold, `${JSON.stringify(path)} differs unsaid`).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test("changes nothing the second time, but where it says so", async () => {
    await fc.assert(
      fc.asyncProperty(madeUp, operation, fc.constantFrom(0, 40), async ({ seed, size }, what, foreign) => {
        const first = await lossless(utf8(new RecordText(seed, size, { ...ODD, foreign }).record()), what);
        const second = await lossless(first.bytes, what);
        if (!first.notes.some((note) => /next (one|save)|second save/.test(note))) expect(textOf(second.bytes)).toBe(textOf(first.bytes));
      }),
      RUNS,
    );
  });

  test("leaves values that a field cannot hold byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(madeUp, operation, async ({ seed, size }, what) => {
        const bytes = utf8(new RecordText(seed, size, { ...PLAIN, foreign: 30 }).record());
        const before = scan(bytes);
        const after = scan((await lossless(bytes, what)).bytes);
        const changes = recordChanges(before, after);
        for (const problem of readRecord(before).problems) {
          if (problem.severity !== "error" || problem.code === "duplicateField") continue;
          const node = resolvePath(before, problem.path);
          if (node === NO_NODE || covers(changes, before, node)) continue;
          const other = resolvePath(after, problem.path);
          expect(other, JSON.stringify(problem.path)).not.toBe(NO_NODE);
          expect(sliceOf(after, other)).toBe(sliceOf(before, node));
        }
      }),
      RUNS,
    );
  });
});

describe("runtime fidelity", () => {
  test("is strict reading and writing, nothing else, when nothing is derived", () => {
    fc.assert(
      fc.property(madeUp, ({ seed, size }) => {
        const bytes = utf8(new RecordText(seed, size, ODD).record());
        const read = readRunRecord(bytes);
        if (!read.ok) throw new Error(`${read.message} at ${read.path.join(".")}`);
        const once = encodePretty(compileStruct(RunRecord), read.value, { fidelity: "runtime" });
        const again = readRunRecord(once);
        expect(again.ok).toBe(true);
        // Of unknown fields nothing is left.
        expect(textOf(once)).not.toContain('"x_');
      }),
      RUNS,
    );
  });
});

describe("strict and tolerant reading", () => {
  test("agree: what one accepts the other finds no fault in", () => {
    fc.assert(
      fc.property(madeUp, fc.constantFrom(0, 25, 200), ({ seed, size }, foreign) => {
        const bytes = utf8(new RecordText(seed, size, { ...ODD, foreign }).record());
        const tape = scanStrictly(bytes);
        if (!tape.ok) throw new Error(tape.message);
        const tolerant = new Decoder({ source: "text", tolerant: true });
        tolerant.decode(compileStruct(RunRecord), tape.value, 0);
        const strict = readRunRecord(bytes);
        expect(tolerant.problems.length === 0, strict.ok ? tolerant.problems[0]?.message : strict.message).toBe(strict.ok);
      }),
      { numRuns: 1000 },
    );
  });

  test("tolerant reading takes any bytes", () => {
    fc.assert(
      fc.property(madeUp, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 8 }), fc.nat(), ({ seed, size }, edits, cut) => {
        const bytes = utf8(new RecordText(seed, size, { ...ODD, foreign: 50 }).record());
        for (const [at, byte] of edits) bytes[at % bytes.length] = byte;
        const text = cut % 3 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes;
        const reading = readRecord(scan(text));
        for (const problem of reading.problems) {
          expect(problem.start).toBeGreaterThanOrEqual(0);
          expect(problem.end).toBeLessThanOrEqual(text.length);
        }
      }),
      RUNS,
    );
  });
});

function nodeOfKey(tape: Tape, key: string): NodeId {
  for (let node = 0; node < tape.nodeCount; node++) {
    if (tape.kind(node) === "string" && stringText(tape, node) === key) return node + 1;
  }
  throw new Error(`no ${key}`);
}

function sliceOf(tape: Tape, node: NodeId): string {
  return textOf(tape.bytes.subarray(tape.start(node), tape.end(node)));
}

/** Every number inside a value has its own text at the same place of the other text. */
function expectSameParts(before: Tape, value: NodeId, after: Tape): void {
  for (let node = value; node < before.next(value); node++) {
    if (before.kind(node) !== "number") continue;
    const path = pathOf(before, node);
    // A key that stands twice counts by its last value; the rewritten spellings of policy rules have other places.
    if (resolvePath(before, path) !== node || path.includes("rules")) continue;
    expect(sliceOf(after, resolvePath(after, path)), JSON.stringify(path)).toBe(sliceOf(before, node));
  }
}

/** Keys that are in both objects stand in the same order. */
function expectKeyOrder(before: Tape, a: NodeId, after: Tape, b: NodeId): void {
  if (before.kind(a) !== after.kind(b)) return;
  if (before.kind(a) === "array") {
    const rights = [...elements(after, b)];
    [...elements(before, a)].forEach((left, place) => {
      expectKeyOrder(before, left, after, rights[place] ?? b);
    });
    return;
  }
  const keys = (tape: Tape, node: NodeId): string[] => [...new Set([...members(tape, node)].map(([key]) => stringText(tape, key)))];
  const [lefts, rights] = [keys(before, a), keys(after, b)];
  expect(rights.filter((key) => lefts.includes(key))).toEqual(lefts.filter((key) => rights.includes(key)));
  for (const key of lefts) {
    if (["observability", "artifacts", "handoffs", "rules"].includes(key)) continue;
    const [left, right] = [findMember(before, a, key), findMember(after, b, key)];
    if (right !== NO_NODE) expectKeyOrder(before, left, after, right);
  }
}

/** Paths of scalars and empty containers, with their text; of a repeated key the last value. */
function leaves(tape: Tape): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (node: NodeId, path: readonly (string | number)[]): void => {
    const kind = tape.kind(node);
    if (kind === "object" && findAny(tape, node)) {
      const last = new Map([...members(tape, node)].map(([key, value]) => [stringText(tape, key), value]));
      for (const [key, value] of last) visit(value, [...path, key]);
    } else if (kind === "array" && findAny(tape, node)) {
      [...elements(tape, node)].forEach((element, place) => {
        visit(element, [...path, place]);
      });
    } else
      found.set(
        JSON.stringify(path),
        kind === "string" ? stringText(tape, node) : kind === "object" || kind === "array" ? kind : sliceOf(tape, node),
      );
  };
  visit(0, []);
  return found;
}

function findAny(tape: Tape, node: NodeId): boolean {
  return tape.next(node) > node + 1;
}

/** A container that is empty on one side only: what is inside it on the other is looked at by itself. */
function isEmptyContainer(before: Tape, after: Tape, path: readonly (string | number)[]): boolean {
  const [a, b] = [resolvePath(before, path), resolvePath(after, path)];
  return a !== NO_NODE && b !== NO_NODE && before.kind(a) === after.kind(b) && findAny(before, a) !== findAny(after, b);
}

function differingPaths(before: Tape, after: Tape): (string | number)[][] {
  const [lefts, rights] = [leaves(before), leaves(after)];
  return [...new Set([...lefts.keys(), ...rights.keys()])]
    .filter((path) => lefts.get(path) !== rights.get(path))
    .map((path) => JSON.parse(path) as (string | number)[]);
}

/** A change of, or of an element of, the list at `list`. */
function isElementChange(change: RecordChange, list: readonly (string | number)[]): boolean {
  const { path } = change;
  if (path.length !== list.length + 1 && path.length !== list.length) return false;
  return (
    JSON.stringify(path.slice(0, list.length)) === JSON.stringify(list) && (path.length === list.length || change.change !== "changed")
  );
}
