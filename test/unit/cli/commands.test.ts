import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonText, sampleRecord } from "../engine/engineHarness.ts";
import { testFolder } from "../engine/testFolder.ts";
import { run } from "./cliHarness.ts";

const RECORD = jsonText(sampleRecord());
const FILES = { ".harn-runs/a.json": RECORD, "b.run.json": RECORD };

describe("usage", () => {
  it.each([["--help"], ["-h"], ["help"], ["show", "--help"], ["batch", "-h"]])("%s %s prints help", async (...args) => {
    const { code, out } = await run("/", args);
    expect(code).toBe(0);
    for (const word of [
      "show",
      "check",
      "normalize",
      "save",
      "diff",
      "eval",
      "batch",
      "Exit codes",
      "--allow-outside",
      "--log",
      "--publish",
      '"op"',
    ])
      expect(out).toContain(word);
  });
  it("tells its version", async () => {
    expect(await run("/", ["--version"])).toEqual({ code: 0, out: "1.2.3\n", err: "" });
  });
  it.each([
    [[], "no command"],
    [["frobnicate"], "no command frobnicate"],
    [["show"], "takes one file"],
    [["show", "a", "b"], "takes one file"],
    [["show", "a", "--write"], "takes no --write"],
    [["show", "a", "--frob"], "--frob"],
    [["diff", "a"], "takes 2 files"],
    [["check"], "files or folders"],
    [["batch", "a"], "no files"],
    [["normalize", "a", "--fidelity", "best"], "runtime or lossless"],
    [["normalize", "a", "--write", "--diff"], "not both"],
    [["save", "a", "--to"], "--to"],
    [["save", "a", "--log"], "--log"],
    [["save", "a", "--publish"], "needs a --log"],
    [["save", "a", "--publish", "--log", "auto", "--diff"], "not both"],
    [["normalize", "a", "--publish"], "takes no --publish"],
    [["show", "a", "--log", "auto"], "takes no --log"],
  ])("%j is refused", async (args, words) => {
    const { code, out, err } = await run("/", args);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toContain(words);
  });
  it.each(["show", "normalize", "save", "eval"])("%s says why a file cannot be read", async (command) => {
    const folder = testFolder({ "sub/": "" });
    for (const [name, words] of [
      ["none.json", "does not exist"],
      ["sub", "is a folder"],
    ] as const) {
      const { code, err } = await run(folder, [command, name]);
      expect(code).toBe(2);
      expect(err).toContain(words);
    }
  });
});

describe("show", () => {
  it("prints the run and its tree", async () => {
    const { code, out } = await run(testFolder(FILES), ["show", ".harn-runs/a.json"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^✓ wf — completed\n/);
    expect(out).toContain("run_1");
    expect(out).toMatch(/✓ plan/);
    expect(out).toMatch(/\n {2}✓ helper/);
  });
  it("prints the same as data", async () => {
    const { out } = await run(testFolder(FILES), ["show", ".harn-runs/a.json", "--json"]);
    const value = JSON.parse(out) as { header: { runId: string }; rows: { id: string }[]; problems: unknown[] };
    expect(value.header.runId).toBe("run_1");
    expect(value.rows.map(({ id }) => id)).toContain("child:0");
  });
  it("prints nothing a terminal would obey", async () => {
    const evil = "\u001b[2J\u009b31m\u0007\u202e";
    const folder = testFolder({
      "a.run.json": jsonText(sampleRecord({ id: evil, workflow_name: evil, task: evil, status: evil, started_at: evil })),
    });
    const { out } = await run(folder, ["show", "a.run.json"]);

    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
  it("shows a broken record as far as it goes, and says what is none", async () => {
    const folder = testFolder({ "a.run.json": RECORD.slice(0, 500), "b.json": "[1]", "c.json": "nope", "d.json": "" });
    const broken = await run(folder, ["show", "a.run.json"]);
    expect(broken).toMatchObject({ code: 1, err: expect.stringContaining("breaks") as string });
    expect(broken.out).toContain("run_1");
    for (const name of ["b.json", "c.json", "d.json"]) expect(await run(folder, ["show", name])).toMatchObject({ code: 2, out: "" });
  });
});

describe("check", () => {
  it("is content with a good record", async () => {
    expect(await run(testFolder(FILES), ["check", ".harn-runs/a.json"])).toEqual({ code: 0, out: "", err: "1 record, no problems" });
  });
  it("prints every problem with its place, in lines editors understand", async () => {
    const folder = testFolder({ "a.run.json": '{\n  "workflow_id": "w",\n  "id": 7,\n  "stages": [{"id": true}]\n}' });
    const { code, out, err } = await run(folder, ["check", "a.run.json"]);
    expect(code).toBe(1);
    expect(out).toMatch(/^a\.run\.json:3:9: error: id: .*\n/m);
    expect(out).toMatch(/^a\.run\.json:4:21: error: stages\[0\]\.id: /m);
    expect(err).toContain("2 problems");
    const lines = (await run(folder, ["check", "a.run.json", "--json"])).out.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { file: "a.run.json", line: 3, column: 9, path: "id" },
      { line: 4, path: "stages[0].id" },
    ]);
  });
  it("looks through folders, and leaves out JSON that is no record there", async () => {
    const folder = testFolder({
      ...FILES,
      ".harn-runs/flight.json": '{"_type":"flight_recording"}',
      ".harn-runs/cut.json": RECORD.slice(0, 100),
    });
    const { code, out, err } = await run(folder, ["check", "."]);
    expect(code).toBe(1);
    expect(out).toMatch(/^\.\/?.*cut\.json:\d+:\d+: error: |^\.harn-runs\/cut\.json:\d+:\d+: error: /);
    expect(err).toBe("3 records, 1 problem");
    expect((await run(folder, ["check", ".harn-runs/flight.json"])).out).toMatch(/flight\.json:1:1: error: .*flight recording/);
  });
  it("goes on after a file it cannot read", async () => {
    const { code, out, err } = await run(testFolder(FILES), ["check", "none.json", "b.run.json"]);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toContain("none.json");
    expect(err).toContain("1 record");
  });
  it("says when there is nothing to check", async () => {
    expect(await run(testFolder({ "sub/": "" }), ["check", "sub"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("No run records") as string,
    });
  });
});

describe("normalize", () => {
  it("prints, and writes nothing", async () => {
    const folder = testFolder(FILES);
    const { code, out } = await run(folder, ["normalize", ".harn-runs/a.json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ root_run_id: "run_1", x_team: { cost: 1.5 } });
    expect(readFileSync(join(folder, ".harn-runs/a.json"), "utf8")).toBe(RECORD);
  });
  it("gives the runtime's bytes on demand", async () => {
    const { out } = await run(testFolder(FILES), ["normalize", ".harn-runs/a.json", "--fidelity", "runtime"]);
    expect(out).not.toContain("x_team");
  });
  it("tells what would change, and writes nothing", async () => {
    const folder = testFolder(FILES);
    const { code, out } = await run(folder, ["normalize", ".harn-runs/a.json", "--diff"]);
    expect(code).toBe(1);
    expect(out).toMatch(/\+ root_run_id: /);
    expect(out).toMatch(/^\+ {2}"root_run_id": "run_1",$/m);
    expect(out).toMatch(/^@@ -\d+,\d+ \+\d+,\d+ @@$/m);
    expect(readFileSync(join(folder, ".harn-runs/a.json"), "utf8")).toBe(RECORD);
  });
  it("writes when told to, once; then there is nothing to change", async () => {
    const folder = testFolder(FILES);
    expect(await run(folder, ["normalize", "b.run.json", "--write"])).toMatchObject({
      code: 0,
      out: "",
      err: expect.stringContaining("normalised") as string,
    });
    const written = readFileSync(join(folder, "b.run.json"), "utf8");
    expect(JSON.parse(written)).toMatchObject({ root_run_id: "run_1" });
    expect((await run(folder, ["normalize", "b.run.json", "--write"])).err).toContain("nothing to change");
    expect(await run(folder, ["normalize", "b.run.json", "--diff"])).toMatchObject({ code: 0, out: "" });
    expect(readFileSync(join(folder, "b.run.json"), "utf8")).toBe(written);
    expect(readdirSync(folder).sort()).toEqual([".harn-runs", "b.run.json"]);
  });
  it("tells the same as data", async () => {
    const folder = testFolder(FILES);
    const dry = JSON.parse((await run(folder, ["normalize", "b.run.json", "--json"])).out) as { changes: { path: string }[] };
    expect(dry).toMatchObject({ unchanged: false, written: null });
    expect(dry.changes.map(({ path }) => path)).toContain("root_run_id");
    expect(JSON.parse((await run(folder, ["normalize", "b.run.json", "--json", "--write"])).out)).toMatchObject({ written: "b.run.json" });
  });
  it("refuses with the place, and leaves the file alone", async () => {
    const text = '{\n "id": 5,\n "workflow_id": "w"\n}';
    const folder = testFolder({ "a.run.json": text, "b.run.json": "{" });
    const { code, out, err } = await run(folder, ["normalize", "a.run.json", "--write", "--fidelity", "runtime"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("a.run.json:2:8: id: ");
    expect((await run(folder, ["normalize", "b.run.json", "--write"])).code).toBe(2);
    expect(readFileSync(join(folder, "a.run.json"), "utf8")).toBe(text);
  });
});

describe("save", () => {
  it("writes the file itself, and then finds nothing to change", async () => {
    const folder = testFolder(FILES);
    expect((await run(folder, ["save", ".harn-runs/a.json"])).code).toBe(0);
    const saved = JSON.parse(readFileSync(join(folder, ".harn-runs/a.json"), "utf8")) as Record<string, unknown>;
    expect(saved).toMatchObject({ persisted_path: ".harn-runs/a.json", x_team: { cost: 1.5 } });
    expect((await run(folder, ["save", ".harn-runs/a.json"])).err).toContain("nothing to change");
  });
  it("keeps the record's own name for its file, wherever it is called from", async () => {
    const folder = testFolder({ "p/.harn-runs/a.json": jsonText(sampleRecord({ persisted_path: ".harn-runs/a.json" })) });
    await run(folder, ["save", "p/.harn-runs/a.json"]);
    const saved = JSON.parse(readFileSync(join(folder, "p/.harn-runs/a.json"), "utf8")) as Record<string, unknown>;
    expect(saved["persisted_path"]).toBe(".harn-runs/a.json");
  });
  it("writes another file, in a folder it makes, under the name it was given", async () => {
    const folder = testFolder(FILES);
    expect((await run(folder, ["save", "b.run.json", "--to", "out//x/./c.json"])).code).toBe(0);
    expect(readFileSync(join(folder, "b.run.json"), "utf8")).toBe(RECORD);
    expect(JSON.parse(readFileSync(join(folder, "out/x/c.json"), "utf8"))).toMatchObject({ persisted_path: "out//x/./c.json" });
  });
  it("only tells with --diff", async () => {
    const folder = testFolder(FILES);
    const { code, out } = await run(folder, ["save", "b.run.json", "--to", "c.json", "--diff"]);
    expect(code).toBe(1);
    expect(out).toContain("observability");
    expect(readdirSync(folder).sort()).toEqual([".harn-runs", "b.run.json"]);
  });
  it.each(["sub", "sub/", "b.run.json/x.json", "sub/.", ""])("refuses to write %j", async (to) => {
    const folder = testFolder({ ...FILES, "sub/x": "" });
    expect(await run(folder, ["save", "b.run.json", "--to", to])).toMatchObject({ code: 2, out: "" });
    expect(readdirSync(join(folder, "sub"))).toEqual(["x"]);
  });
});

describe("diff and eval", () => {
  it("compare two runs", async () => {
    const folder = testFolder({ ...FILES, "c.run.json": jsonText(sampleRecord({ status: "failed", stages: [] })) });
    expect(await run(folder, ["diff", ".harn-runs/a.json", "b.run.json"])).toMatchObject({
      code: 0,
      out: "The two runs went the same way.\n",
    });
    const { code, out } = await run(folder, ["diff", "b.run.json", "c.run.json"]);
    expect(code).toBe(1);
    expect(out).toContain("status: completed → failed");
    expect(out).toContain("stage plan: removed");
    const report = JSON.parse((await run(folder, ["diff", "b.run.json", "c.run.json", "--json"])).out) as unknown;
    expect(report).toMatchObject({ identical: false, status_changed: true });
  });
  it("hold a run against a fixture, its own or another", async () => {
    const fixture = {
      _type: "replay_fixture",
      expected_status: "completed",
      stage_assertions: [{ node_id: "gone", expected_status: "x", expected_outcome: "y" }],
    };
    const folder = testFolder({
      ...FILES,
      "own.run.json": jsonText(sampleRecord({ replay_fixture: fixture })),
      "f.json": jsonText({ ...fixture, stage_assertions: [] }),
    });
    expect(await run(folder, ["eval", "own.run.json"])).toMatchObject({ code: 1, out: "fail: missing stage gone\n" });
    expect(await run(folder, ["eval", "own.run.json", "--fixture", "f.json"])).toMatchObject({ code: 0, out: "pass (1 stage)\n" });
    expect(await run(folder, ["eval", "b.run.json"])).toMatchObject({
      code: 0,
      err: expect.stringContaining("made from itself") as string,
    });
    expect(JSON.parse((await run(folder, ["eval", "own.run.json", "--json"])).out)).toMatchObject({ pass: false });
    writeFileSync(join(folder, "f.json"), "[");
    expect(await run(folder, ["eval", "own.run.json", "--fixture", "f.json"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("f.json:1:") as string,
    });
  });
  it("take what can be read of a record the runtime refuses, unless its strictness is asked for", async () => {
    const folder = testFolder({ ...FILES, "c.run.json": jsonText(sampleRecord({ usage: 5 })), "d.json": "{}" });
    expect(await run(folder, ["diff", "b.run.json", "c.run.json"])).toMatchObject({
      code: 0,
      err: expect.stringContaining("c.run.json:") as string,
    });
    expect((await run(folder, ["diff", "b.run.json", "c.run.json", "--fidelity", "runtime"])).code).toBe(2);
    mkdirSync(join(folder, "e"));
    expect((await run(folder, ["diff", "b.run.json", "e"])).code).toBe(2);
  });
});
