import { describe, expect, test } from "vitest";
import { scan } from "../../../src/json/scan.ts";
import { pathText } from "../../../src/record/Problem.ts";
import { prepareNormalize, prepareSave } from "../../../src/record/prepareSave.ts";
import type { Prepared } from "../../../src/record/prepareSave.ts";
import { readRecord } from "../../../src/record/readRecord.ts";
import { recordChanges, runtimeOnlyChanges } from "../../../src/record/recordChanges.ts";
import { recordShape } from "../../../src/record/recordShape.ts";
import { parsedRoot, portsWith, textOf, utf8 } from "./builders.ts";

/** The least a text must say so that nothing is filled in around what a test looks at. */
const FIXTURE = '"replay_fixture":{},"persisted_path":"r.json"';

async function save(text: string, options: { rederive?: boolean; fidelity?: "runtime" } = {}): Promise<Prepared> {
  const { rederive = false, fidelity = "lossless" } = options;
  const made = await prepareSave(utf8(text), { fidelity, rederive, path: "r.json" }, portsWith());
  if (!made.ok) throw new Error(made.message);
  return made;
}

function told(before: string, after: Uint8Array): string[] {
  return recordChanges(scan(utf8(before)), scan(after)).map(
    ({ group, change, path, why }) => `${group} ${change} ${pathText(path)}: ${why}`,
  );
}

describe("changes of a save", () => {
  test.each([
    ['{"id":"a"}', "filled added replay_fixture: the run had none: one is made from its stages"],
    ['{"id":"a"}', "filled added persisted_path: where the record is stored"],
    ['{"id":"a"}', "filled added task: missing: the runtime writes its default"],
    ['{"id":"a"}', "derived added observability: derived from stages, transcripts and child runs"],
    ['{"observability":{"own":1}}', "lost removed observability.own: made anew; the runtime does not know this field"],
    ['{"transcript":{"a":1,"a":2}}', "lost removed transcript.a: the key stands more than once: the last value counts"],
    ['{"usage":[1]}', "rewritten changed usage: written in the runtime's own spelling"],
    ['{"policy":{"sandbox_profile":{"wasi":null}}}', "rewritten changed policy.sandbox_profile: written in its regular form"],
    [
      '{"child_runs":[{"approval_policy":{"repeated_call_limit":5}}]}',
      "rewritten changed child_runs[0].approval_policy.repeated_call_limit: written in the runtime's own spelling",
    ],
    [
      '{"child_runs":[{"approval_policy":{"rules":[{"deny":"x"}]}}]}',
      "rewritten changed child_runs[0].approval_policy.rules[0]: written in the runtime's own spelling",
    ],
    ['{"child_runs":[],"stages":[{"metadata":{"worker":{"id":"w"}}}]}', "merged added child_runs[0]: told by the worker of a stage"],
    [
      '{"child_runs":[{"worker_id":"w"}],"stages":[{"metadata":{"worker":{"id":"w","task":"t"}}}]}',
      "merged added child_runs[0].task: told by the worker of a stage",
    ],
    ['{"handoffs":[{"id":"b","created_at":"2"},{"id":"a","created_at":"1"}]}', "rewritten changed handoffs: put in the runtime's order"],
    [
      '{"handoffs":[{"id":"a"},{"id":"a"}]}',
      "lost removed handoffs[1]: another handoff has the same id, or it has none: one of them stays",
    ],
    ['{"handoffs":[{"id":"a"}]}', "merged added handoffs[0].receipt_links: a receipt for this run and path"],
    [
      '{"handoffs":[{"id":"h"}],"artifacts":[{"id":"x","kind":"handoff","own":1,"metadata":{"handoff_id":"h"}}]}',
      "lost removed artifacts[0].own: made anew; the runtime does not know this field",
    ],
  ])("%s: %s", async (text, expected) => {
    expect(told(text, (await save(text)).bytes)).toContain(expected);
  });

  test("of a text that a save has written there are none", async () => {
    const { bytes } = await save('{"id":"a","x":[1.50],"stages":[{"transcript":{"b":1e2,"a":0}}]}');
    expect(told(textOf(bytes), (await save(textOf(bytes))).bytes)).toEqual([]);
  });

  test("beyond them the runtime's fidelity drops and respells", async () => {
    const text = `{"id":"a","x":[1.50],"usage":{"total_cost":1e2},${FIXTURE}}`;
    const only = runtimeOnlyChanges(scan((await save(text)).bytes), scan((await save(text, { fidelity: "runtime" })).bytes));
    expect(only.map(({ group, path, why }) => `${group} ${pathText(path)}: ${why}`)).toEqual([
      "runtimeOnly x: the runtime does not know this field; kept as it is",
      "runtimeOnly usage.total_cost: the runtime spells this number in its own way; kept as it is",
    ]);
  });

  test("take linear time: many artifacts, many keys, many repeated keys", async () => {
    const artifacts = Array.from({ length: 5000 }, (_, place) => ({ id: `a${place}`, kind: "k" }));
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, place) => [`k${place}`, place]));
    const repeated = `{${Array.from({ length: 20_000 }, () => '"k":1').join(",")}}`;
    const text = `{"id":"a","artifacts":${JSON.stringify(artifacts)},"metadata":${JSON.stringify(many)},"transcript":${repeated}}`;
    const changes = told(text, (await save(text)).bytes);
    expect(changes.filter((line) => line.startsWith("lost"))).toHaveLength(19_999);
  });
});

describe("a lossless save", () => {
  test("keeps what a field cannot hold, and does not derive what depends on it", async () => {
    const text = `{"id":"a", "stages": [ {"id":5, "x":1} ],${FIXTURE}}`;
    const { bytes, notes } = await save(text);
    const written = parsedRoot(bytes);
    expect(written["stages"]).toMatchObject([{ id: 5, x: 1 }]);
    expect(written["observability"]).toBeNull();
    expect(notes.some((note) => note.includes("`stages`"))).toBe(true);
  });

  test("leaves as it stands what lacks a required part, or has a part too many", async () => {
    const text = `{"persona_runtime":[{"budget":{"reason":"r"}}],"usage":[1,2,3,4,5,[],7],"transcript":${"[".repeat(200)}1e999${"]".repeat(200)},${FIXTURE}}`;
    const written = textOf((await save(text)).bytes);
    for (const part of ['{"reason":"r"}', "[1,2,3,4,5,[],7]", `${"[".repeat(200)}1e999`]) expect(written).toContain(part);
  });

  test("puts new keys where the runtime's order has them, and keeps the order of old ones", async () => {
    const { bytes } = await save('{"task":"t","zz":1,"id":"i","usage":{"models":[],"input_tokens":1}}');
    const keys = Object.keys(parsedRoot(bytes));
    expect(keys.slice(0, 2)).toEqual(["_type", "task"]);
    expect(keys.indexOf("zz")).toBeLessThan(keys.indexOf("id"));
    expect(keys[keys.indexOf("id") + 1]).toBe("workflow_id");
    const usage = Object.keys(parsedRoot(bytes)["usage"] as object);
    expect(usage).toEqual(["models", "input_tokens", "output_tokens", "total_duration_ms", "call_count", "total_cost"]);
  });

  test("refuses only what is no JSON object", async () => {
    const options = { fidelity: "lossless", rederive: false, path: "r.json" } as const;
    for (const text of ["", "[]", "5", "{", "\ufeff{}"]) {
      expect(await prepareSave(utf8(text), options, portsWith()), text).toMatchObject({ ok: false });
    }
  });

  test("says when it will not come to rest", async () => {
    const data = '{"source_persona":"p","target_persona_or_human":{"id":"x"},"task":"t","reason":"r"}';
    const { notes } = await save(`{"artifacts":[{"kind":"handoff","data":${data}}]}`);
    expect(notes.some((note) => note.includes("no id in its data"))).toBe(true);
    const late = await save('{"handoffs":[{"created_at":"1"},{"id":"a","created_at":"1"}]}');
    expect(late.notes.some((note) => note.includes("had no id"))).toBe(true);
    const moving = await save('{"usage":{"total_cost":2.908424194515324e-8}}', { fidelity: "runtime" });
    expect(moving.notes.some((note) => note.includes("second save"))).toBe(true);
  });
});

describe("a record of a later runtime", () => {
  const LATER = '{"id":"a","evidence":{"trace_spans":[]},"observability":{"schema_version":4,"own":1},"handoffs":[{"id":"b"}]}';

  test.each([
    [LATER, "later"],
    ['{"tool_recordings":[{},{"status":"open"}]}', "later"],
    ['{"usage":{"known_cost_usd":1}}', "later"],
    ['{"trace_spans":[{"span_id":1},{"parent_span_id":1}]}', "later"],
    ['{"execution":{"environment_policy":"inherited"}}', "later"],
    ['{"trace_spans":{"*":{"events":1}},"usage":[1]}', "current"],
    ["{}", "current"],
    ["[]", "current"],
  ])("%s is %s", (text, shape) => {
    expect(recordShape(scan(utf8(text)))).toBe(shape);
  });

  test("keeps what was derived, and gets no defaults, until it is asked for", async () => {
    const kept = await save(LATER);
    expect(parsedRoot(kept.bytes)).toMatchObject({ observability: { own: 1 }, handoffs: [{ id: "b" }] });
    expect(parsedRoot(kept.bytes)).not.toHaveProperty("trace_spans");
    expect(kept.rederive).toEqual({ offered: true, on: false });
    const made = await save(LATER, { rederive: true });
    expect(parsedRoot(made.bytes)["observability"]).not.toHaveProperty("own");
    expect(made.rederive).toEqual({ offered: true, on: true });
  });
});

describe("normalise", () => {
  test("fills in what a run must have, and is told so", async () => {
    const made = await prepareNormalize(utf8("{}"), { fidelity: "lossless", rederive: false }, portsWith());
    if (!made.ok) throw new Error(made.message);
    expect(parsedRoot(made.bytes)).toMatchObject({
      _type: "run_record",
      id: "run_01900000-0000-7000-8000-000000000001",
      status: "running",
      started_at: "1790000000",
    });
    expect(told("{}", made.bytes)).toContain("filled added root_run_id: a run without root is its own");
  });
});

describe("reading for the view", () => {
  test.each([
    ["", "empty"],
    [" \n", "empty"],
    ["x", "notJson"],
    ["[1,2]", "otherJson"],
    ['{"a":1}', "otherJson"],
    ['{"_type":"replay_fixture","stages":[]}', "otherJson"],
    ['{"_type":"run_record"}', "record"],
    ['["run_record","i"]', "record"],
    ['{"stages":[]}', "record"],
    ['{"stages":[{"id":"s"},', "broken"],
    ['\ufeff{"stages":[]}', "record"],
  ])("%j is %s", (text, state) => {
    expect(readRecord(scan(utf8(text))).state).toBe(state);
  });

  test("shows what can be read, and every fault with its place", () => {
    const text = '{"id":5,"task":"t","stages":[{"id":"s","status":null},7],"usage":{"input_tokens":1.5}}';
    const reading = readRecord(scan(utf8(text)));
    expect(reading.record).toMatchObject({ id: "", task: "t", stages: [{ id: "s", status: "" }], usage: { input_tokens: 0n } });
    expect(reading.problems.map(({ path, start, end }) => [pathText(path), text.slice(start, end)])).toEqual([
      ["id", "5"],
      ["stages[0].status", "null"],
      ["stages[1]", "7"],
      ["usage.input_tokens", "1.5"],
    ]);
  });

  test("lists so many faults and counts the rest", () => {
    const reading = readRecord(scan(utf8(`{"pending_nodes":[${Array.from({ length: 10_050 }, () => "1").join(",")}]}`)));
    expect(reading.problems).toHaveLength(10_001);
    expect(reading.problems.at(-1)).toMatchObject({ severity: "info", code: "unlisted", message: "50 more faults are not listed" });
  });

  test("knows where a struct was read, and that others were derived", () => {
    const text = '{"stages":[{"id":"s","metadata":{"worker":{"id":"w"}}}]}';
    const reading = readRecord(scan(utf8(text)));
    const [stage, child] = [reading.record.stages[0], reading.record.child_runs[0]];
    if (stage === undefined || child === undefined) throw new Error("not read");
    expect(reading.tape.start(reading.originOf(stage))).toBe(text.indexOf('{"id":"s"'));
    expect(reading.originOf(child)).toBe(-1);
  });
});
