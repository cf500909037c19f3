import { appendFileSync, chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { runJob } from "../../../src/cli/runJob.ts";
import type { SaveFidelity } from "../../../src/view/types.ts";
import { findLog } from "../../../src/engine/ports/findLog.ts";
import { nodeFileSystem } from "../../../src/engine/ports/nodeFileSystem.ts";
import type { LogEvent } from "../../../src/eventlog/LogEvent.ts";
import { verifyChain } from "../../../src/eventlog/provenance.ts";
import { sliceText } from "../../../src/json/cursor.ts";
import { DEFAULT_LOG_CHOICE } from "../../../src/protocol/engine.ts";
import type { EngineAnswers, LogChoice } from "../../../src/protocol/engine.ts";
import type { EnginePorts } from "../../../src/engine/EnginePorts.ts";
import { choicesFor, engineHarness, jsonText, placeOf, sampleRecord } from "./engineHarness.ts";
import type { EngineHarness } from "./engineHarness.ts";
import { askQuestions, logAt, memoryHost, SQL_WASM } from "./logFiles.ts";
import { testFolder } from "./testFolder.ts";

const LOGS = [
  { backend: "sqlite", place: ".harn/events.sqlite" },
  { backend: "file", place: ".harn/events" },
] as const;

function project(record: Readonly<Record<string, unknown>> = {}): { folder: string; path: string } {
  const folder = testFolder({ ".harn-runs/a.json": jsonText(sampleRecord(record)), ".harn/": "" });
  return { folder, path: join(folder, ".harn-runs/a.json") };
}

async function opened(path: string, log: Partial<LogChoice> = {}, changes: Partial<EnginePorts> = {}): Promise<EngineHarness> {
  const harness = engineHarness(changes);
  await harness.ask({ kind: "open", doc: "d", place: placeOf(path), content: null, log: { ...DEFAULT_LOG_CHOICE, ...log } });
  onTestFinished(async () => {
    await harness.ask({ kind: "close", doc: "d" });
  });
  return harness;
}

async function notesOf(harness: EngineHarness, path: string): Promise<readonly string[]> {
  const preview = await harness.ask({ kind: "preview", doc: "d", choices: choicesFor(path, { operation: "normalize" }) });
  return preview.notes;
}

function question(number: number, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const id = String(number);
  return {
    request_id: `q${id}`,
    prompt: `prompt ${id}`,
    agent: "planner",
    trace_id: null,
    asked_at: `2026-01-0${id}T00:00:00Z`,
    ...changes,
  };
}

describe.each(LOGS)("the questions of a $backend log in a preview", ({ backend, place }) => {
  it("are merged at once, and counted", async () => {
    const { folder, path } = project({ hitl_questions: [question(1)] });
    await askQuestions(backend, join(folder, place), "run_1", ["prompt 1", "prompt 2", "prompt 3"]);
    const harness = await opened(path);
    const preview = await harness.ask({ kind: "preview", doc: "d", choices: choicesFor(path) });
    expect(preview.notes).toContain(`2 questions come from the event log “${place}”.`);
    expect(preview.totals.merged).toBeGreaterThan(0);
    const { view } = await harness.ask({ kind: "apply", doc: "d", token: preview.token });
    expect(view.state).toBe("record");
    const saved = JSON.parse(Buffer.from(await harness.ask({ kind: "bytes", doc: "d" })).toString()) as { hitl_questions: unknown[] };
    expect(saved.hitl_questions).toHaveLength(3);
  });

  it("are told of when one differs from the record's", async () => {
    const { folder, path } = project({ hitl_questions: [question(1, { prompt: "another" }), question(2)] });
    await askQuestions(backend, join(folder, place), "run_1", ["prompt 1", "prompt 2"]);
    expect(await notesOf(await opened(path), path)).toContain(`1 question is told otherwise by the event log “${place}”, which wins.`);
  });

  it.each([
    ["order", [question(2), question(1)]],
    ["double", [question(1), question(1)]],
  ])("put the record's own in order: %s", async (_name, questions) => {
    const { folder, path } = project({ hitl_questions: questions });
    await askQuestions(backend, join(folder, place), "another run", ["prompt 1"]);
    expect((await notesOf(await opened(path), path)).join()).toContain("put in the order of their times");
  });

  it("are not named when the log has no part in them", async () => {
    const { folder, path } = project({ hitl_questions: [question(1), question(2)] });
    await askQuestions(backend, join(folder, place), "another run", ["prompt 1"]);
    expect((await notesOf(await opened(path), path)).filter((note) => note.includes("event log"))).toEqual([]);
    expect((await notesOf(await opened(path, { backend: "none" }), path)).filter((note) => note.includes("order"))).toEqual([]);
  });

  it("are the same in both fidelities, whatever is written to the log meanwhile", async () => {
    const { folder, path } = project();
    await askQuestions(backend, join(folder, place), "run_1", ["prompt 1"]);
    let asked = 0;
    const harness = await opened(
      path,
      {},
      {
        async findLog(where, choice) {
          const found = await findLog(nodeFileSystem, where, choice, memoryHost);
          const log = found.view?.log;
          if (found.view === null || log === undefined) throw new Error(found.note);
          return {
            ...found,
            view: {
              ...found.view,
              log: {
                backend: log.backend,
                topics: () => log.topics(),
                append: (...event) => log.append(...event),
                close: () => log.close(),
                readRange(...range) {
                  if (range[1] === 0n) asked++;
                  return log.readRange(...range);
                },
              },
              close: () => log.close(),
            },
          };
        },
      },
    );
    expect(await notesOf(harness, path)).toContain(`1 question comes from the event log “${place}”.`);
    expect(asked).toBe(1);
  });
});

describe("a log that cannot be merged", () => {
  it("is named when it is unreadable", async () => {
    const { folder, path } = project();
    writeFileSync(join(folder, ".harn/events.sqlite"), "no database".repeat(100));
    const notes = await notesOf(await opened(path), path);
    expect(notes.join()).toMatch(/^No questions are merged\. The event log “\.harn\/events\.sqlite” cannot be read: .+\./);
  });

  it("is named when it lies outside of the workspace", async () => {
    const { folder, path } = project();
    const outside = testFolder({ "events.sqlite": "" });
    symlinkSync(join(outside, "events.sqlite"), join(folder, ".harn/events.sqlite"));
    const harness = await opened(path);
    expect((await notesOf(harness, path)).join()).toContain("lies outside of the workspace");
    expect(await harness.ask({ kind: "outsideLog", doc: "d" })).toEqual({ path: join(outside, "events.sqlite") });
    await harness.ask({ kind: "setLog", doc: "d", log: { ...DEFAULT_LOG_CHOICE, allowed: [join(outside, "events.sqlite")] } });
    expect(await harness.ask({ kind: "outsideLog", doc: "d" })).toBeNull();
    expect((await notesOf(harness, path)).join()).not.toContain("outside");
  });

  it.each([{}, { backend: "none" }, { path: "not-there.sqlite" }] as const)("is not when there is none (%j)", async (choice) => {
    const { path } = project();
    expect((await notesOf(await opened(path, choice), path)).join()).not.toMatch(/event log/i);
  });

  it("is named when its questions break off at a bad line", async () => {
    const { folder, path } = project();
    await askQuestions("file", join(folder, ".harn/events"), "run_1", ["prompt 1"]);
    appendFileSync(join(folder, ".harn/events/topics/hitl.questions.jsonl"), "no json\n");
    expect((await notesOf(await opened(path), path)).join()).toContain("Not all questions of the event log “.harn/events” could be read");
  });
});

async function resaved(
  harness: EngineHarness,
  path: string,
  target = path,
  fidelity: SaveFidelity = "lossless",
): Promise<EngineAnswers["publish"]> {
  const choices = choicesFor(target, { operation: target === path ? "resave" : "resaveAs", targetPath: target, fidelity });
  const { token } = await harness.ask({ kind: "preview", doc: "d", choices });
  await harness.ask({ kind: "apply", doc: "d", token });
  await harness.ask({ kind: "write", doc: "d", targetPath: target, expectUnchanged: false });
  if (target !== path) await harness.ask({ kind: "goto", doc: "d", edit: 0 });
  return harness.ask({ kind: "publish", doc: "d", targetPath: target });
}

async function publishedIn(backend: "sqlite" | "file", path: string): Promise<readonly LogEvent[]> {
  const log = logAt(backend, path);
  const read = await log.readRange("observability.action_graph", 0n, 100);
  await log.close();
  if (!read.ok) throw new Error(read.message);
  return read.events;
}

describe.each(LOGS)("publishing a save to a $backend log", ({ backend, place }) => {
  it.each(["the record itself", "another file"])("tells of %s as it was saved", async (what) => {
    const { folder, path } = project({ hitl_questions: [question(1)] });
    const log = join(folder, place);
    await askQuestions(backend, log, "run_1", ["prompt 1", "prompt 2"]);
    const target = what === "another file" ? join(folder, ".harn-runs/b.json") : path;
    const harness = await opened(path);
    const answer = await resaved(harness, path, target);
    expect(answer).toEqual({
      published: true,
      message: `Published the action graph to “${place}”: event 1 of observability.action_graph.`,
    });
    await resaved(harness, path, target);
    const events = await publishedIn(backend, log);
    expect(events.map(({ id, kind }) => [id, kind])).toEqual([
      [1n, "action_graph_update"],
      [2n, "action_graph_update"],
    ]);
    expect(verifyChain("observability.action_graph", events, memoryHost.sha256).map(({ state }) => state)).toEqual(["start", "linked"]);
    const saved = JSON.parse(readFileSync(target, "utf8")) as Record<string, unknown>;
    const [first] = events;
    if (first === undefined) throw new Error("nothing was published");
    expect(JSON.parse(sliceText(first.payload.tape, first.payload.node))).toEqual({
      observability: saved["observability"],
      persisted_path: saved["persisted_path"],
      run_id: "run_1",
      status: "completed",
      workflow_id: "wf",
    });
    expect(saved["persisted_path"]).toBe(what === "another file" ? ".harn-runs/b.json" : ".harn-runs/a.json");
    expect(first.headers.get("run_id")).toBe("run_1");
  });

  it("says why the log does not take it, and the save stands", async () => {
    const { folder, path } = project();
    const log = join(folder, place);
    await askQuestions(backend, log, "run_1", ["prompt 1"]);
    // Somebody has the database open, and the topic is broken: neither may be written to.
    if (backend === "sqlite") writeFileSync(`${log}-wal`, "somebody's");
    else mkdirSync(join(log, "topics/observability.action_graph.jsonl"));
    const answer = await resaved(await opened(path), path);
    expect(answer.published).toBe(false);
    expect(answer.message).toMatch(/^The record was saved, but its action graph was not published: .+\.$/);
    expect(answer.message).toContain(`“${place}”`);
    expect(readFileSync(path, "utf8")).toContain("action_graph_nodes");
  });

  it.skipIf(process.getuid?.() === 0)("says so when it may not write there", async () => {
    const { folder, path } = project();
    const log = join(folder, place);
    await askQuestions(backend, log, "run_1", ["prompt 1"]);
    const locked = backend === "sqlite" ? join(folder, ".harn") : join(log, "topics");
    chmodSync(locked, 0o555);
    onTestFinished(() => chmodSync(locked, 0o755));
    expect((await resaved(await opened(path), path)).message).toMatch(/not published: .*(permission|EACCES)/);
  });
});

describe("publishing without a log", () => {
  it.each([
    [{}, "no event log is active. No event log was found"],
    [{ backend: "none" }, "no event log is active"],
  ] as const)("says so (%j)", async (choice, words) => {
    const { path } = project();
    const answer = await resaved(await opened(path, choice), path);
    expect(answer.published).toBe(false);
    expect(answer.message).toContain(words);
  });

  it("says so where the log must not be opened", async () => {
    const { folder, path } = project();
    const outside = testFolder({ "events.sqlite": "" });
    symlinkSync(join(outside, "events.sqlite"), join(folder, ".harn/events.sqlite"));
    expect((await resaved(await opened(path), path)).message).toContain("lies outside of the workspace");
  });

  it("says so when the file is gone again", async () => {
    const { folder, path } = project();
    await askQuestions("file", join(folder, ".harn/events"), "run_1", ["prompt 1"]);
    const harness = await opened(path);
    const answer = await harness.ask({ kind: "publish", doc: "d", targetPath: join(folder, "b.json") });
    expect(answer.message).toContain("does not exist");
    expect(await publishedIn("file", join(folder, ".harn/events"))).toEqual([]);
  });
});

describe("the event of a save in the editor", () => {
  const records = readdirSync("samples", { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.harn-runs[\\/][^\\/]+\.json$/.test(name),
  );

  it.each(records)("is that of a save on the command line: %s", async (name) => {
    const bytes = readFileSync(join("samples", name), "utf8");
    const texts: string[] = [];
    for (const by of ["editor", "commandLine"] as const) {
      const folder = testFolder({ ".harn-runs/a.json": bytes, "log/topics/": "" });
      const path = join(folder, ".harn-runs/a.json");
      if (by === "editor") await resaved(await opened(path, { path: "log" }), path, path, "runtime");
      else {
        const job = { op: "save", cwd: folder, path: ".harn-runs/a.json", to: ".harn-runs/a.json", log: "file", log_dir: "log" };
        const answer = await runJob(job, { env: {}, allowOutside: false, fidelity: "runtime", sqlWasm: SQL_WASM });
        expect(answer.ok).toBe(true);
      }
      const [event] = await publishedIn("file", join(folder, "log"));
      if (event === undefined) throw new Error("nothing was published");
      const headers = [...event.headers].filter(([header]) => !header.startsWith("harn.provenance")).sort();
      texts.push(`${JSON.stringify(headers)} ${sliceText(event.payload.tape, event.payload.node)}`);
    }
    expect(texts[0]).toBe(texts[1]);
  });
});
