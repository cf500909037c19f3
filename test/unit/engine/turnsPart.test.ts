import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeEnginePorts } from "../../../src/engine/ports/nodeEnginePorts.ts";
import { EngineFault } from "../../../src/engine/EngineFault.ts";
import type { DetailField, RowDetail } from "../../../src/view/types.ts";
import { readTextRef } from "../../../src/view/textRef.ts";
import { textSlice } from "../../../src/view/longText.ts";
import { daemonEvent, failure, message, request, response, transcript } from "../eventlog/sidecarBuilders.ts";
import { line as eventLine } from "../eventlog/support.ts";
import { testFolder } from "./testFolder.ts";
import { turnsOf } from "./turnsHarness.ts";
import type { Turns } from "./turnsHarness.ts";

const SAMPLES = resolve("samples");
const RECORD = ".harn-runs/run.json";
const SIDECAR = ".harn-runs/run-llm/llm_transcript.jsonl";

const record = (changes: object = {}): string =>
  JSON.stringify({
    _type: "run_record",
    id: "run_1",
    started_at: "1750000000",
    finished_at: "1750000100",
    stages: [{ id: "one", node_id: "plan", started_at: "1750000000", finished_at: "1750000100" }],
    ...changes,
  });

/** A run with that transcript. */
function runOf(sidecar: string | Uint8Array | null, changes: object = {}): { folder: string; path: string; sidecar: string; turns: Turns } {
  const folder = testFolder({ [RECORD]: record(changes), ...(sidecar === null ? {} : { [SIDECAR]: sidecar }) });
  return { folder, path: join(folder, RECORD), sidecar: join(folder, SIDECAR), turns: turnsOf(join(folder, RECORD)) };
}

const fieldsOf = ({ sections }: RowDetail): readonly DetailField[] =>
  sections.flatMap((section) => (section.kind === "fields" ? section.fields : section.kind === "list" ? section.items : []));
const titlesOf = ({ sections }: RowDetail): string[] => sections.map(({ title }) => title);

describe("the samples", () => {
  it.each<[path: string, turns: number, daemon: number, summary: RegExp, faults: number]>([
    [
      "release-notes/.harn-runs/release-notes-v2.4.0.json",
      26,
      0,
      /^26 turns · 67\.4k in · 2\.5k out · 4 % cached · \$0\.22 · 2m 01s of model time$/,
      0,
    ],
    ["release-notes/.harn-runs/migration-guide-conflict-policy.json", 4, 0, /^4 turns/, 0],
    ["release-notes/.harn-runs/migration-guide-v1-format.json", 4, 0, /^4 turns/, 0],
    ["incident-triage/.harn-runs/incident-4471-replay.json", 18, 0, /3 errors · 2 retries$/, 0],
    ["running/.harn-runs/dependency-audit.json", 9, 0, /^9 turns/, 1],
    ["daemon/.harn-runs/inbox-watch.json", 25, 9, /^25 turns/, 0],
  ])("%s has %i turns and %i daemon events", async (path, count, daemon, summary, faults) => {
    const turns = turnsOf(join(SAMPLES, path));
    await turns.look();
    const window = turns.window();
    expect([window.total, turns.window({}, "daemon").total, window.faults.length]).toEqual([count, daemon, faults]);
    expect(window.summary).toMatch(summary);
    expect(turns.around.view.tabs.filter(({ id }) => id === "turns" || id === "daemon").map(({ id }) => id)).toEqual(
      daemon > 0 ? ["turns", "daemon"] : ["turns"],
    );
    expect(turns.around.count("modelTurn")).toBe(count);
    for (const { id } of window.rows) expect((await turns.detail(id)).sections.length).toBeGreaterThan(1);
    for (const { id } of turns.window({}, "daemon").rows) expect((await turns.detail(id)).raw).not.toBeNull();
  });

  it("every turn of a finished run has a stage, and tool calls lead to their rows", async () => {
    const turns = turnsOf(join(SAMPLES, "release-notes/.harn-runs/release-notes-v2.4.0.json"));
    await turns.look();
    expect(turns.window({ filters: { stage: "none" } }).total).toBe(0);
    const links = [];
    for (const { id } of turns.window({ filters: { tools: "with" } }).rows) {
      links.push(...fieldsOf(await turns.detail(id)).filter(({ name }) => name === "called"));
    }
    // What a compaction took out of the transcript has no row any more.
    const found = links.filter(({ link }) => link !== undefined);
    expect([links.length, found.length]).toEqual([22, 20]);
    for (const { link } of found) expect(turns.state.tree.find(link?.kind === "row" ? link.rowId : "")?.kind).toBe("toolCall");
  });

  it("turns stand below their stages, and lead back", async () => {
    const turns = turnsOf(join(SAMPLES, "incident-triage/.harn-runs/incident-4471-replay.json"));
    await turns.look();
    turns.state.tree.aroundChanged();
    for (const { treeRow, label } of turns.window().rows) expect(turns.state.tree.find(treeRow ?? "")?.kind, label).toBe("modelTurn");
    const stage = turns.state.tree.find("stage:0");
    expect(stage === null ? [] : turns.around.treeSections(stage.source).filter(({ title }) => title === "Model turns")).toHaveLength(1);
    const call = stage === null ? undefined : turns.state.tree.children(stage).find(({ kind }) => kind === "toolCall");
    const asked = call === undefined ? [] : turns.around.treeSections(call.source).find(({ title }) => title === "Asked for by");
    expect(asked).toMatchObject({ fields: [{ value: "turn 1", link: { kind: "tableRow", table: "turns" } }] });
  });

  it("say which line is cut", async () => {
    const turns = turnsOf(join(SAMPLES, "running/.harn-runs/dependency-audit.json"));
    await turns.look();
    expect(turns.window().faults).toEqual([expect.stringMatching(/^1 broken line: 59\./)]);
  });
});

describe("the detail of a turn", () => {
  const call = { id: "toolu_1", name: "read_pull", arguments: { number: 1190 } };
  const long = "All is well. ".repeat(1000);
  const lines = [
    { type: "system_prompt", content: "be brief", hash: 1 },
    { type: "tool_schemas", schemas: [{ name: "read_pull" }, { name: "grep" }] },
    message("s"),
    { type: "routing_decision", call_id: "c", policy: "cheapest", selected_model: "sonnet" },
    request("c", { thinking: { mode: "enabled", budget_tokens: 4096 } }),
    failure("c"),
    response("c", {
      text: long,
      tool_calls: [call],
      thinking: "hm",
      provider_telemetry: { server_total_ms: 18446744073709551615n.toString() },
    }),
  ];
  const spans = [{ span_id: 7, kind: "llm_call", name: "llm_call", duration_ms: 2400, metadata: { call_id: "c" } }];

  it("has all that its lines tell", async () => {
    const { turns } = runOf(transcript(lines), {
      trace_spans: spans,
      tool_recordings: [{ tool_name: "read_pull", tool_use_id: "toolu_1" }],
    });
    await turns.look();
    const detail = await turns.detail("@turn:c");
    expect(detail).toMatchObject({
      kind: "modelTurn",
      title: "Turn 1",
      path: "llm_transcript.jsonl:5",
      status: { text: "answered after 1 retry" },
    });
    expect(titlesOf(detail)).toEqual([
      "Model turn",
      "Said",
      "Thinking",
      "Tool call: read_pull",
      "Answer",
      "provider_telemetry",
      "Error",
      "Added: user (line 3)",
      "Request",
      "thinking",
      "routing decision (line 4)",
      "System prompt",
      "Tools told last",
      "Answer as written (line 7)",
    ]);
    const shown = new Map(fieldsOf(detail).map((field) => [field.name, field]));
    expect(shown.get("stage")?.link).toEqual({ kind: "row", rowId: "stage:0" });
    expect(shown.get("called")?.link).toBeUndefined();
    expect(shown.get("recorded")?.link).toEqual({ kind: "row", rowId: "tool:0" });
    expect(shown.get("span")?.value).toBe("7 · llm_call · 2.4 s");
  });

  it("gives the rest of a long text from the line it came from", async () => {
    const { turns } = runOf(transcript(lines));
    await turns.look();
    const found = await turns.around.detail("@turn:c");
    const said = found?.detail.sections.find(({ title }) => title === "Said");
    if (found === null || said?.kind !== "text" || said.text.ref === null) throw new Error("no long text");
    const { tape, node } = readTextRef(said.text.ref);
    const text = found.tapes[tape];
    expect(text === undefined ? "" : textSlice(text, node, "string", 0, 1e6).text).toBe(long);
  });

  it("says which lines could not be read again", async () => {
    const { turns, sidecar } = runOf(transcript(lines));
    await turns.look();
    truncateSync(sidecar, statSync(sidecar).size - 20);
    const detail = await turns.detail("@turn:c");
    expect(fieldsOf(detail).find(({ name }) => name === "lines")?.value).toMatch(/^llm_transcript\.jsonl:7: the transcript was changed/);
    rmSync(sidecar);
    expect(titlesOf(await turns.detail("@turn:c"))).toEqual(["Model turn", "Not read again"]);
  });

  it("reads a bounded part of the messages", async () => {
    const { turns } = runOf(transcript([...Array.from({ length: 50 }, () => message("s")), request("c")]));
    await turns.look();
    const detail = await turns.detail("@turn:c");
    expect(titlesOf(detail).filter((title) => title.startsWith("Added: "))).toHaveLength(12);
    expect(fieldsOf(detail).find(({ name }) => name === "…")?.value).toBe("38 messages more, up to llm_transcript.jsonl:50");
  });

  it("of a line of unknown type is the line itself; of a daemon event leads to what is kept", async () => {
    const { turns } = runOf(transcript([{ type: "news", hash: 1 }, daemonEvent()]).replace('"hash":1', '"hash":18446744073709551557'));
    await turns.look();
    expect(fieldsOf(await turns.detail("@line:1"))).toContainEqual({ name: "hash", value: "18446744073709551557" });
    const daemon = await turns.detail("@daemon:2");
    expect([daemon.kind, daemon.path]).toEqual(["daemon", "llm_transcript.jsonl:2"]);
    expect(fieldsOf(daemon).find(({ name }) => name === "persist_path")?.link).toEqual({
      kind: "storedPath",
      path: ".harn/daemons/sorter/daemon.json",
    });
  });
});

describe("a transcript that changes while it is read", () => {
  it("grows: what is appended comes to what is there, and a line is taken once it is whole", async () => {
    const first = transcript([message("s"), request("a")]);
    const { turns, sidecar } = runOf(first, { finished_at: null });
    await turns.look();
    expect(turns.texts(["number", "status"])).toEqual(["1|waiting"]);
    const answer = transcript([response("a", { text: "wörter" })]);
    const bytes = new TextEncoder().encode(answer);
    const cut = bytes.indexOf(0xc3) + 1;
    appendFileSync(sidecar, bytes.subarray(0, cut));
    await turns.look();
    expect(turns.texts(["number", "status"])).toEqual(["1|waiting"]);
    expect(turns.window().faults).toEqual([expect.stringMatching(/^1 broken line: 3\./)]);
    appendFileSync(sidecar, bytes.subarray(cut));
    appendFileSync(sidecar, transcript([request("b")]));
    await turns.look();
    expect(turns.texts(["number", "said", "status"])).toEqual(["1|wörter|answered", "2||waiting"]);
    expect(turns.window().faults).toEqual([]);
  });

  it("ends with a whole line without line end: it counts, once", async () => {
    const text = transcript([request("a"), response("a")]).trimEnd();
    const { turns, sidecar } = runOf(text);
    await turns.look();
    expect([turns.texts(["status"]), turns.window().faults]).toEqual([["answered"], []]);
    appendFileSync(sidecar, "\n" + transcript([request("b")]));
    await turns.look();
    expect(turns.texts(["status"])).toEqual(["answered", "no answer"]);
  });

  it("turns out to be another line than it seemed: everything is read anew", async () => {
    const { turns, sidecar } = runOf(transcript([request("a")]) + JSON.stringify(response("a")));
    await turns.look();
    appendFileSync(sidecar, "!\n" + transcript([request("b")]));
    await turns.look();
    expect([turns.texts(["status"]), turns.window().faults]).toEqual([["no answer", "no answer"], ["1 broken line: 2"]]);
  });

  it("shrinks: it is read anew", async () => {
    const text = transcript([request("a"), response("a"), request("b")]);
    const { turns, sidecar } = runOf(text);
    await turns.look();
    truncateSync(sidecar, transcript([request("a")]).length);
    await turns.look();
    expect(turns.texts(["status"])).toEqual(["no answer"]);
  });

  it("is replaced by a longer one: it is read anew", async () => {
    const { turns, sidecar } = runOf(transcript([request("a"), response("a")]));
    await turns.look();
    writeFileSync(sidecar, transcript([message("new"), request("x"), response("x"), request("y"), response("y")]));
    await turns.look();
    expect(turns.window().rows.map(({ id }) => id)).toEqual(["@turn:x", "@turn:y"]);
    expect(turns.around.count("modelTurn")).toBe(2);
  });

  it("comes late, and goes again", async () => {
    const { turns, sidecar } = runOf(null);
    await turns.look();
    expect([turns.window().sources[0]?.state, turns.around.view.tabs.some(({ id }) => id === "turns")]).toEqual(["absent", false]);
    mkdirSync(join(sidecar, ".."), { recursive: true });
    writeFileSync(sidecar, transcript([request("a")]));
    await turns.look();
    expect([turns.window().sources[0]?.state, turns.window().total]).toEqual(["found", 1]);
    rmSync(sidecar);
    await turns.look();
    expect([turns.window().sources[0]?.state, turns.window().total]).toEqual(["absent", 0]);
  });

  it("is not read again where nothing changed", async () => {
    const node = nodeEnginePorts(() => undefined);
    const reads: string[] = [];
    const { path } = runOf(transcript([request("a")]));
    const turns = turnsOf(path, { readRange: (...args) => (reads.push(args[0]), node.readRange(...args)) });
    await turns.look();
    const before = reads.length;
    await turns.look();
    expect([before > 0, reads.length]).toEqual([true, before]);
  });

  it("the record changes: turns find their stages anew", async () => {
    const { turns, path } = runOf(transcript([request("a", { timestamp: "1750000150" })]));
    await turns.look();
    expect(turns.texts(["stage"])).toEqual(["–"]);
    writeFileSync(path, record({ stages: [{ node_id: "late", started_at: "1750000140", finished_at: "1750000160" }] }));
    turns.around.setState(turnsOf(path).state);
    expect(turns.texts(["stage"])).toEqual(["late"]);
  });
});

describe("a transcript in a bad way", () => {
  it.each<[what: string, state: string, make: (folder: string, sidecar: string) => void]>([
    ["empty", "empty", (_, sidecar) => writeFileSync(sidecar, "")],
    ["a folder", "unreadable", (_, sidecar) => mkdirSync(sidecar)],
    ["a link that leads to itself", "unreadable", (_, sidecar) => symlinkSync(sidecar, sidecar)],
    ["a link to nothing", "absent", (folder, sidecar) => symlinkSync(join(folder, "nothing"), sidecar)],
    [
      "a link that leads out",
      "outside",
      (_, sidecar) => symlinkSync(join(testFolder({ "secret.jsonl": transcript([request("a")]) }), "secret.jsonl"), sidecar),
    ],
    [
      "a link within the workspace",
      "found",
      (folder, sidecar) => {
        writeFileSync(join(folder, "t.jsonl"), transcript([request("a")]));
        symlinkSync(join(folder, "t.jsonl"), sidecar);
      },
    ],
  ])("is %s: %s", async (_, state, make) => {
    const { turns, folder, sidecar } = runOf(null);
    mkdirSync(join(sidecar, ".."), { recursive: true });
    make(folder, sidecar);
    await turns.look();
    const { sources, total } = turns.window();
    expect([sources[0]?.state, total]).toEqual([state, state === "found" ? 1 : 0]);
    expect(sources[0]?.note).toMatch(/^The |^There /);
    expect(sources[0]?.path).toBe(SIDECAR);
  });

  it("cannot be read for a while: what was read stays, and it is read on later", async () => {
    const node = nodeEnginePorts(() => undefined);
    let broken = false;
    const { path, sidecar } = runOf(transcript([request("a")]));
    const turns = turnsOf(path, {
      readRange: async (...args) => {
        if (broken) throw new EngineFault({ code: "unreadable", message: "The disk is gone." });
        return node.readRange(...args);
      },
    });
    await turns.look();
    appendFileSync(sidecar, transcript([response("a")]));
    broken = true;
    await turns.look();
    expect([turns.window().sources[0]?.state, turns.window().sources[0]?.note, turns.window().total]).toEqual([
      "unreadable",
      "The model transcript cannot be read: The disk is gone.",
      1,
    ]);
    broken = false;
    await turns.look();
    expect([turns.window().sources[0]?.state, turns.texts(["status"])]).toEqual(["found", ["answered"]]);
  });

  it("has a line of 10 MB, bytes that are no UTF-8, and rubbish", async () => {
    const big = response("a", { text: "x".repeat(10 << 20) });
    const rubbish = Uint8Array.from({ length: 300 }, (_, index) => (index === 150 ? 0x0a : (index * 37) % 256)).filter(
      (byte, index) => byte !== 0x0a || index === 150,
    );
    const { turns, sidecar } = runOf(transcript([request("a"), big]));
    appendFileSync(sidecar, rubbish);
    appendFileSync(sidecar, "\n" + transcript([request("b")]));
    await turns.look();
    expect([turns.texts(["status"]), turns.window().faults]).toEqual([["answered", "no answer"], ["2 broken lines: 3, 4"]]);
    expect((await turns.detail("@turn:a")).sections.find(({ title }) => title === "Said")).toMatchObject({ text: { length: 10 << 20 } });
  });

  it("is longer than a piece: rows come piece by piece, with progress, and requests get in between", async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => [
      request(`c${index}`),
      response(`c${index}`, { text: "y".repeat(1000) }),
    ]).flat();
    const { turns } = runOf(transcript(lines));
    await turns.around.look();
    const first = turns.window();
    expect(first.total).toBeGreaterThan(0);
    expect(first.total).toBeLessThan(3000);
    expect(first.progress?.done).toBe(1 << 20);
    expect((await turns.detail(first.rows[0]?.id ?? "")).title).toBe("Turn 1");
    await turns.look();
    const all = turns.window();
    expect([all.total, all.progress, turns.around.count("modelTurn"), turns.around.rows(0).length]).toEqual([3000, null, 3000, 3000]);
  });

  it("is given up when the document is closed", async () => {
    const node = nodeEnginePorts(() => undefined);
    const { path } = runOf("x".repeat(5 << 20));
    let reads = 0;
    const turns = turnsOf(path, { readRange: (...args) => (reads++, node.readRange(...args)) });
    await turns.around.look();
    await turns.around.close();
    const after = reads;
    for (let turn = 0; turn < 50; turn++) await node.pause();
    expect(reads).toBeLessThanOrEqual(after + 1);
  });
});

describe("a run without a transcript beside it", () => {
  const TOPIC = ".harn/events/topics/agent.transcript.llm.jsonl";
  const at = (seconds: number): number => (1750000000 + seconds) * 1000;
  const events = [
    { payload: message("s"), at: at(-50) },
    { payload: request("early"), at: at(-40) },
    { payload: request("named"), at: at(-30) },
    { payload: message("s"), at: at(1) },
    { payload: request("mine"), at: at(2) },
    { payload: response("mine"), at: at(4) },
    { payload: daemonEvent(), at: at(5) },
    { payload: request("late"), at: at(500) },
  ];
  const log = events.map((event, index) => eventLine({ id: index + 1, kind: String(event.payload["type"]), ...event })).join("");

  it("takes from the event log what its spans name and what was written in its time, and says so", async () => {
    const folder = testFolder({ [RECORD]: record({ trace_spans: [{ metadata: { call_id: "named" } }] }), [TOPIC]: log });
    const turns = turnsOf(join(folder, RECORD), {}, {});
    await turns.look();
    expect(turns.window().rows.map(({ id }) => id)).toEqual(["@turn:named", "@turn:mine"]);
    expect(turns.window({}, "daemon").rows.map(({ id }) => id)).toEqual(["@daemon:7"]);
    expect(turns.window().sources.map(({ what, state }) => `${what}: ${state}`)).toEqual(["model transcript: absent", "event log: found"]);
    expect(turns.window().sources[1]?.note).toMatch(/come from the event log/);
    const detail = await turns.detail("@turn:mine");
    expect(detail.path).toBe("event log, agent.transcript.llm, event 5");
    expect(titlesOf(detail)).toContain("Answer");
    appendFileSync(join(folder, TOPIC), eventLine({ id: 9, payload: request("next"), at: at(9) }));
    await turns.look();
    expect(turns.window().total).toBe(3);
  });

  it("finds nothing there of other runs", async () => {
    const folder = testFolder({ [RECORD]: record({ started_at: "1650000000", finished_at: "1650000001" }), [TOPIC]: log });
    const turns = turnsOf(join(folder, RECORD), {}, {});
    await turns.look();
    expect([turns.window().total, turns.around.view.tabs.some(({ id }) => id === "turns")]).toEqual([0, false]);
  });

  it("leaves the log once there is a transcript", async () => {
    const folder = testFolder({ [RECORD]: record(), [TOPIC]: log });
    const turns = turnsOf(join(folder, RECORD), {}, {});
    await turns.look();
    expect(turns.window().total).toBe(1);
    mkdirSync(join(folder, SIDECAR, ".."), { recursive: true });
    writeFileSync(join(folder, SIDECAR), transcript([request("own")]));
    await turns.look();
    expect(turns.window().rows.map(({ id }) => id)).toEqual(["@turn:own"]);
    expect(turns.window({}, "daemon").total).toBe(0);
    expect(turns.window().sources.map(({ what }) => what)).toEqual(["model transcript"]);
  });

  it("reads the sample's log like the transcript it was written with", async () => {
    const sample = join(SAMPLES, "running");
    const folder = testFolder({
      ".harn-runs/dependency-audit.json": readFileSync(join(sample, ".harn-runs/dependency-audit.json")),
      ".harn/events.sqlite": readFileSync(join(sample, ".harn/events.sqlite")),
      ".harn/events.sqlite-wal": readFileSync(join(sample, ".harn/events.sqlite-wal")),
    });
    const turns = turnsOf(join(folder, ".harn-runs/dependency-audit.json"), {}, {});
    await turns.look();
    expect(turns.window().summary).toMatch(/^9 turns · 9\.9k in · 335 out · \$0\.03 · 44 s of model time/);
  });
});
