import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonText, sampleRecord } from "../engine/engineHarness.ts";
import { askQuestions, logAt } from "../engine/logFiles.ts";
import { testFolder } from "../engine/testFolder.ts";
import { run } from "./cliHarness.ts";

const RECORD = jsonText(sampleRecord());
const LOGS = [
  { backend: "sqlite", place: ".harn/events.sqlite" },
  { backend: "file", place: ".harn/events" },
] as const;

/** A project with a record in `.harn-runs` and two questions of its run in a log. */
async function project(backend: "sqlite" | "file", place: string): Promise<string> {
  const folder = testFolder({ ".harn-runs/a.json": RECORD });
  await askQuestions(backend, join(folder, place), "run_1", ["why?", "when?"]);
  return folder;
}

async function published(backend: "sqlite" | "file", path: string): Promise<number> {
  const log = logAt(backend, path);
  const read = await log.readRange("observability.action_graph", 0n, 10);
  await log.close();
  if (!read.ok) throw new Error(read.message);
  return read.events.length;
}

function questionsOf(text: string): unknown[] {
  return (JSON.parse(text) as { hitl_questions?: unknown[] }).hitl_questions ?? [];
}

describe.each(LOGS)("a $backend log on the command line", ({ backend, place }) => {
  it("is not looked for unless it is asked for", async () => {
    const folder = await project(backend, place);
    const { code, out, err } = await run(folder, ["normalize", ".harn-runs/a.json"]);
    expect({ code, err, questions: questionsOf(out) }).toEqual({ code: 0, err: "", questions: [] });
  });

  it.each(["auto", place, "absolute"])("merges its questions (--log %s)", async (named) => {
    const folder = await project(backend, place);
    const log = named === "absolute" ? join(folder, place) : named;
    const { code, out, err } = await run(folder, ["normalize", ".harn-runs/a.json", "--log", log]);
    expect(code).toBe(0);
    expect(questionsOf(out)).toHaveLength(2);
    expect(err).toBe(`2 questions come from the event log “${place}”.`);
    const told = JSON.parse((await run(folder, ["normalize", ".harn-runs/a.json", "--log", log, "--json"])).out) as { notes: string[] };
    expect(told.notes).toContain(err);
  });

  it("is read wherever it is, when it is named", async () => {
    const folder = await project(backend, place);
    const other = testFolder({ "b.run.json": RECORD });
    symlinkSync(join(folder, place), join(other, "linked"));
    for (const log of [join(folder, place), "linked"]) {
      expect(questionsOf((await run(other, ["normalize", "b.run.json", "--log", log])).out)).toHaveLength(2);
    }
  });

  it("hears of a save that is to be published, and only of that", async () => {
    const folder = await project(backend, place);
    const log = join(folder, place);
    await run(folder, ["save", ".harn-runs/a.json", "--log", "auto"]);
    expect(await published(backend, log)).toBe(0);
    const { code, err } = await run(folder, ["save", ".harn-runs/a.json", "--log", "auto", "--publish", "--to", "b.run.json"]);
    expect(code).toBe(0);
    expect(err).toContain(`published to the event log “${place}”: event 1 of observability.action_graph`);
    expect(questionsOf(readFileSync(join(folder, "b.run.json"), "utf8"))).toHaveLength(2);
    const again = await run(folder, ["save", "b.run.json", "--log", log, "--publish", "--json"]);
    expect(JSON.parse(again.out)).toMatchObject({ published: true });
    expect(await published(backend, log)).toBe(2);
  });

  it("that cannot be written to does not fail the save", async () => {
    const folder = await project(backend, place);
    if (backend === "sqlite") writeFileSync(join(folder, `${place}-wal`), "somebody's");
    else writeFileSync(join(folder, place, "topics/observability.action_graph.jsonl"), "torn");
    const { code, out, err } = await run(folder, ["save", ".harn-runs/a.json", "--log", place, "--publish", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ written: ".harn-runs/a.json", published: false });
    expect(err).toContain("not published: ");
  });
});

describe("a log that is not there", () => {
  it("fails the command when it was named, and nothing is written", async () => {
    const folder = testFolder({ ".harn-runs/a.json": RECORD });
    const { code, err } = await run(folder, ["save", ".harn-runs/a.json", "--log", "none.sqlite"]);
    expect(code).toBe(2);
    expect(err).toContain("There is no event log at");
    expect(err).toContain("--log names");
    expect(readFileSync(join(folder, ".harn-runs/a.json"), "utf8")).toBe(RECORD);
  });

  it("is only said when it was to be looked for", async () => {
    const folder = testFolder({ ".harn-runs/a.json": RECORD });
    const { code, err } = await run(folder, ["save", ".harn-runs/a.json", "--log", "auto", "--publish"]);
    expect(code).toBe(0);
    expect(err).toContain("No event log was found");
    expect(err).toContain("name it with --log");
    expect(err).toContain("not published: no event log is active");
    expect(existsSync(join(folder, ".harn"))).toBe(false);
  });

  it("fails the command when what was named is no log", async () => {
    const folder = testFolder({ "b.run.json": RECORD, "text.sqlite": "no database".repeat(100), "folder/": "" });
    expect((await run(folder, ["normalize", "b.run.json", "--log", "text.sqlite"])).err).toContain("cannot be read");
    expect((await run(folder, ["normalize", "b.run.json", "--log", "folder"])).err).toContain("without topics");
  });

  it("comes after the record: one that cannot be read is said first", async () => {
    const folder = testFolder({ ".harn/events/topics/": "" });
    const { code, err } = await run(folder, ["save", "none.json", "--log", "auto"]);
    expect(code).toBe(2);
    expect(err).toContain("does not exist");
  });
});
