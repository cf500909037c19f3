import { DEFAULT_LOG_CHOICE } from "../../../src/protocol/engine.ts";
import { chmodSync, readFileSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OpenedView, RowDetail } from "../../../src/view/types.ts";
import { choicesFor, engineHarness, jsonText, placeOf, sampleRecord } from "./engineHarness.ts";
import type { EngineHarness } from "./engineHarness.ts";
import { testFolder } from "./testFolder.ts";

/** Largest message between page and host, in UTF-16 units of its JSON. */
const MESSAGE_LIMIT = 1 << 20;

/** Asks everything a page may ask about what is open, and checks that every answer can be sent and is small. */
async function lookAtEverything(harness: EngineHarness): Promise<{ view: OpenedView; details: RowDetail[] }> {
  const check = <T>(answer: T): T => {
    expect(JSON.stringify(structuredClone(answer)).length).toBeLessThan(MESSAGE_LIMIT);
    return answer;
  };
  const view = check(await harness.ask({ kind: "reload", doc: "d", content: null }));
  await harness.ask({ kind: "attach", doc: "d", page: "p", state: null });
  const ask = async (request: Parameters<EngineHarness["page"]>[0]): Promise<unknown> =>
    check(await harness.ask({ kind: "page", doc: "d", page: "p", request }));
  const details: RowDetail[] = [];
  const { rows } = (await ask({ kind: "rows", start: 0, count: 100 })) as { rows: { id: string; expandable: boolean }[] };
  for (const row of rows.filter(({ expandable }) => expandable).slice(0, 3))
    await ask({ kind: "expand", rowId: row.id, expanded: true, siblings: false });
  const all = (await ask({ kind: "rows", start: 0, count: 60 })) as { rows: { id: string }[] };
  for (const { id } of all.rows) {
    const detail = (await ask({ kind: "detail", rowId: id })) as RowDetail | null;
    if (detail !== null) details.push(detail);
    await ask({ kind: "card", rowId: id });
    await harness.ask({ kind: "offsetOf", doc: "d", rowId: id });
  }
  await ask({ kind: "problems", start: 0, count: 100 });
  await ask({ kind: "typeahead", prefix: "a", from: 0 });
  return { view, details };
}

async function opened(
  content: string | Uint8Array,
): Promise<{ harness: EngineHarness; path: string; view: OpenedView; details: RowDetail[] }> {
  const path = join(testFolder({ ".harn-runs/a.json": content }), ".harn-runs/a.json");
  const harness = engineHarness();
  await harness.open(path);
  const seen = await lookAtEverything(harness);
  expect(harness.log).toEqual([]);
  return { harness, path, ...seen };
}

describe("files that are no whole record", () => {
  it.each([
    ["nothing", "", "empty"],
    ["blanks", " \n\t ", "empty"],
    ["plain text", "hello", "notJson"],
    ["an HTML page", "<script>alert(1)</script>", "notJson"],
    ["a number", "42", "otherJson"],
    ["a list", "[1,2]", "otherJson"],
    ["an object without any field of a record", '{"a":1}', "otherJson"],
    ["a flight recording", '{"_type":"flight_recording","stages":[]}', "otherJson"],
    ["a record cut off", jsonText(sampleRecord()).slice(0, 400), "broken"],
    ["a record with a trailing comma", '{"workflow_id":"w","stages":[],}', "broken"],
    ["zeros", new Uint8Array(4096), "notJson"],
    ["UTF-16", Buffer.from(jsonText(sampleRecord()), "utf16le"), "notJson"],
  ])("%s: %s", async (_, content, state) => {
    const { harness, path, view } = await opened(content);
    expect(view).toMatchObject({ state, editable: false });
    expect(view.notice).toMatch(/\.$/);
    const refused = await harness.failure({ kind: "preview", doc: "d", choices: choicesFor(path) });
    expect(refused.code).toBe("refused");
    expect(readFileSync(path)).toEqual(Buffer.from(content));
  });

  it("tells where a record breaks, and shows what stands before", async () => {
    const text = jsonText(sampleRecord());
    const at = text.indexOf('"child_runs"');
    const { view, harness } = await opened(`${text.slice(0, at)}oops ${text.slice(at)}`);
    expect(view).toMatchObject({ state: "broken", breakOffset: at });
    expect((await harness.page({ kind: "rows", start: 0, count: 10 })).total).toBeGreaterThan(0);
  });

  it.each([
    ["in a value", Buffer.concat([Buffer.from('{"workflow_id":"w","task":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])],
    ["cut off", Buffer.concat([Buffer.from('{"workflow_id":"w"}'), Buffer.from([0xe2, 0x82])])],
  ])("shows invalid UTF-8 %s, and refuses to save it", async (_, content) => {
    const { harness, path, view } = await opened(content);
    expect(view.problemCount).toBeGreaterThan(0);
    const refused = await harness.failure({ kind: "preview", doc: "d", choices: choicesFor(path) });
    expect(refused.code).toBe("refused");
    expect(readFileSync(path)).toEqual(content);
  });
});

describe("paths that cannot be opened", () => {
  it("a folder, a missing file, one above 2 GiB: each with its own sentence", async () => {
    const folder = testFolder({ "a.run.json/": "", "large.run.json": "" });
    truncateSync(join(folder, "large.run.json"), 2 ** 31 + 10);
    const harness = engineHarness();
    const codes: string[] = [];
    for (const name of ["a.run.json", "none.run.json", "large.run.json"]) {
      const error = await harness.failure({
        kind: "open",
        doc: "d",
        place: placeOf(join(folder, name)),
        content: null,
        log: DEFAULT_LOG_CHOICE,
      });
      expect(error.message).toContain(name);
      codes.push(error.code);
    }
    expect(codes).toEqual(["isFolder", "notFound", "tooLarge"]);
    expect(statSync(join(folder, "large.run.json")).size).toBe(2 ** 31 + 10);
  });

  it.runIf(process.getuid?.() !== 0)("no permission (skipped for root, whom no mode stops)", async () => {
    const path = join(testFolder({ "a.run.json": "{}" }), "a.run.json");
    chmodSync(path, 0);
    expect(
      (await engineHarness().failure({ kind: "open", doc: "d", place: placeOf(path), content: null, log: DEFAULT_LOG_CHOICE })).code,
    ).toBe("noPermission");
  });
});

describe("wrong types", () => {
  const wrong = [null, true, 7, -1, 1.5, 1e300, "text", [], ["x", 1, null], {}, { a: { b: [1] } }, [[[]]], "18446744073709551616"];
  const fields = [
    ..."_type id workflow_id workflow_name task status started_at finished_at parent_run_id root_run_id stages transitions checkpoints".split(
      " ",
    ),
    ..."pending_nodes completed_nodes child_runs artifacts handoffs policy execution transcript usage replay_fixture observability".split(
      " ",
    ),
    ..."trace_spans tool_recordings hitl_questions persona_runtime metadata persisted_path".split(" "),
  ];
  it("in every field of a run: it opens, and can be seen and previewed", async () => {
    const folder = testFolder({ "a.run.json": "" });
    const path = join(folder, "a.run.json");
    const harness = engineHarness();
    for (const field of fields) {
      for (const value of wrong) {
        const text = jsonText(sampleRecord({ [field]: value }));
        const content = new TextEncoder().encode(text);
        await harness.ask({ kind: "open", doc: "d", place: placeOf(path), content, log: DEFAULT_LOG_CHOICE });
        const rows = await harness.page({ kind: "rows", start: 0, count: 100 });
        for (const { id } of rows.rows) await harness.page({ kind: "detail", rowId: id });
        const result = await harness.engine.handle({ kind: "preview", doc: "d", choices: choicesFor(path) }, new AbortController().signal);
        if (!result.ok) expect(result.error.code, `${field}: ${JSON.stringify(value)}`).toBe("refused");
      }
    }
    expect(harness.log).toEqual([]);
  });

  it("anywhere: whatever JSON stands wherever in a record", async () => {
    const path = join(testFolder({ "a.run.json": "" }), "a.run.json");
    const harness = engineHarness();
    const stage = fc.record(
      Object.fromEntries(
        "id node_id kind status outcome started_at transcript verification usage artifacts attempts metadata"
          .split(" ")
          .map((name) => [name, fc.jsonValue()]),
      ),
      { requiredKeys: [] },
    );
    const anyRecord = fc.record(
      {
        workflow_id: fc.string(),
        ...Object.fromEntries(fields.map((name) => [name, fc.jsonValue()])),
        stages: fc.oneof(fc.array(stage), fc.jsonValue()),
      },
      { requiredKeys: ["workflow_id"] },
    );
    await fc.assert(
      fc.asyncProperty(anyRecord, async (record) => {
        const content = new TextEncoder().encode(JSON.stringify(record));
        await harness.ask({ kind: "open", doc: "d", place: placeOf(path), content, log: DEFAULT_LOG_CHOICE });
        const rows = await harness.page({ kind: "rows", start: 0, count: 100 });
        for (const { id } of rows.rows.slice(0, 20)) await harness.page({ kind: "detail", rowId: id });
        await harness.engine.handle({ kind: "preview", doc: "d", choices: choicesFor(path) }, new AbortController().signal);
        expect(harness.log).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe("size and depth", () => {
  it.each([127, 128, 129, 1000, 100_000])("%d levels inside a value", async (levels) => {
    const deep = `${"[".repeat(levels)}${"]".repeat(levels)}`;
    const { view, harness, path } = await opened(jsonText(sampleRecord()).replace('"x_team": {', `"transcript": ${deep}, "x_team": {`));
    expect(view).toMatchObject({ state: "record", editable: true });
    const result = await harness.engine.handle(
      { kind: "preview", doc: "d", choices: choicesFor(path, { fidelity: "runtime" }) },
      new AbortController().signal,
    );
    // The 128th open container is one too many for the runtime, and the record itself is the first.
    expect(result.ok ? "previewed" : result.error.code).toBe(levels <= 126 ? "previewed" : "refused");
  });

  it("many levels of nothing but brackets", async () => {
    const { view } = await opened("[".repeat(200_000));
    expect(view.state).toBe("notJson");
  });

  it("a megabyte without a blank, in every text a row shows", async () => {
    const long = "x".repeat(1 << 20);
    const stage = {
      id: long,
      node_id: long,
      kind: long,
      status: long,
      outcome: long,
      visible_text: long,
      attempts: [{ error: long }],
      metadata: { [long]: long },
    };
    const { details } = await opened(
      jsonText(
        sampleRecord({
          id: long,
          task: long,
          workflow_name: long,
          stages: [stage],
          child_runs: [{ worker_name: long, task: long, run_path: long }],
        }),
      ),
    );
    expect(details.length).toBeGreaterThan(0);
  });

  it("200 MB: opens, shows, and says what a save would change", { timeout: 300_000 }, async () => {
    const block = jsonText({
      id: "s",
      node_id: "n",
      kind: "stage",
      status: "completed",
      outcome: "success",
      started_at: "1750000000",
      visible_text: "text ".repeat(200_000),
    });
    const head = jsonText(sampleRecord({ stages: [] })).replace('"stages": []', '"stages": [');
    const [before = "", after = ""] = head.split('"stages": [');
    const count = Math.ceil((200 << 20) / block.length);
    const parts = [Buffer.from(`${before}"stages": [`)];
    for (let at = 0; at < count; at++) parts.push(Buffer.from(`${at === 0 ? "" : ","}${block}`));
    parts.push(Buffer.from(`]${after}`));
    const content = Buffer.concat(parts);
    expect(content.length).toBeGreaterThan(200 << 20);
    const path = join(testFolder({ "a.run.json": content }), "a.run.json");
    const harness = engineHarness();
    const view = await harness.open(path);
    expect(view).toMatchObject({ state: "record", byteLength: content.length });
    expect((await harness.page({ kind: "rows", start: count - 1, count: 10 })).rows[0]?.id).toBe(`stage:${String(count - 1)}`);
    const detail = await harness.page({ kind: "detail", rowId: "stage:3" });
    expect(JSON.stringify(detail).length).toBeLessThan(MESSAGE_LIMIT);
    const preview = await harness.ask({ kind: "preview", doc: "d", choices: choicesFor(path) });
    expect(preview.bytesAfter).toBeGreaterThan(200 << 20);
    await harness.ask({ kind: "apply", doc: "d", token: preview.token });
    await harness.ask({ kind: "write", doc: "d", targetPath: path, expectUnchanged: true });
    expect(statSync(path).size).toBe(preview.bytesAfter);
  });
});

describe("hostile text", () => {
  const hostile = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "[x](command:workbench.action.quit)",
    "javascript:alert(1)",
    "\u202egnp.exe\u202c",
    "a\u0000b",
    "\ud800 alone",
    "__proto__",
    "../../../etc/passwd",
    "${jndi:ldap://x}",
    "\u001b[2J",
    "\u2028\u2029",
  ];
  it.each(hostile)("in every field: %j comes back as it is, or made visible, and does nothing", async (text) => {
    const all = Object.fromEntries(
      "id node_id kind status outcome branch started_at finished_at visible_text private_reasoning".split(" ").map((name) => [name, text]),
    );
    const record = sampleRecord({
      ...Object.fromEntries(
        "id workflow_id workflow_name task status started_at finished_at parent_run_id root_run_id".split(" ").map((name) => [name, text]),
      ),
      stages: [
        {
          ...all,
          attempts: [{ ...all, error: text }],
          artifacts: [{ id: text, kind: text, title: text, text }],
          metadata: { [text]: text },
        },
      ],
      child_runs: [{ worker_id: text, worker_name: text, task: text, status: text, run_path: text, snapshot_path: text }],
      transitions: [{ id: text, from_node_id: text, to_node_id: text }],
      hitl_questions: [{ request_id: text, prompt: text, agent: text, asked_at: text }],
      handoffs: [{ id: text, kind: text, task: text, reason: text }],
      metadata: { [text]: text },
      [text]: text,
    });
    const { harness, path } = await opened(jsonText(record));
    const resolved = await harness.ask({ kind: "childPath", doc: "d", rowId: "child:0" });
    expect(resolved.path === null || resolved.presence === "outside").toBe(true);
    // Not one of them may be lost or changed by a lossless save.
    const result = await harness.engine.handle({ kind: "preview", doc: "d", choices: choicesFor(path) }, new AbortController().signal);
    if (result.ok) {
      const { token, totals } = result.value as { token: string; totals: { lost: number } };
      expect(totals.lost).toBe(0);
      const after = new TextDecoder().decode(await harness.ask({ kind: "previewText", doc: "d", token, side: "after" }));
      const saved = JSON.parse(after) as { task: string; metadata: Record<string, string> };
      expect(saved.task).toBe(text);
      expect(Object.entries(saved.metadata)).toEqual([[text, text]]);
    } else {
      expect(result.error.code).toBe("refused");
    }
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
