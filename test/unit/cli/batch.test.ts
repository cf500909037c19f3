import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonText, sampleRecord } from "../engine/engineHarness.ts";
import { testFolder } from "../engine/testFolder.ts";
import { run } from "./cliHarness.ts";

interface Answer {
  ok: boolean;
  text?: string;
  path?: string;
  error?: string;
}

async function batch(
  input: readonly (string | Uint8Array)[],
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Answer[]> {
  const { code, out } = await run("/", ["batch", ...args], { input, env });
  expect(code).toBe(0);
  return out
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Answer);
}
const jobs = async (list: readonly unknown[], args: readonly string[] = [], env = {}): Promise<Answer[]> =>
  batch([list.map((job) => `${JSON.stringify(job)}\n`).join("")], args, env);

const FILES = { "r.json": jsonText(sampleRecord()) };

describe("batch", () => {
  it("answers every line, in order", async () => {
    const cwd = testFolder(FILES);
    const answers = await jobs([
      { op: "load", cwd, path: "r.json" },
      { op: "load", cwd, path: "none.json" },
      { op: "save", cwd, path: "r.json", to: "out/s.json" },
      { op: "load", cwd, path: "out/s.json" },
      { op: "diff", cwd, left: "r.json", right: "out/s.json" },
      { op: "evaluate", cwd, path: "r.json", fixture: "r.json" },
    ]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, false, true, true, true, true]);
    expect(answers[2]).toMatchObject({ path: "out/s.json", text: readFileSync(join(cwd, "out/s.json"), "utf8") });
    expect(answers[0]?.text).not.toContain("x_team");
  });

  it("takes the fidelity of the job, else of the command", async () => {
    const cwd = testFolder(FILES);
    const job = { op: "normalize", cwd, path: "r.json" };
    const has = (answer: Answer | undefined): boolean => (answer?.text ?? "").includes("x_team");
    expect(has((await jobs([job]))[0])).toBe(false);
    expect(has((await jobs([job], ["--fidelity", "lossless"]))[0])).toBe(true);
    expect(has((await jobs([{ ...job, fidelity: "lossless" }]))[0])).toBe(true);
    expect(has((await jobs([{ ...job, fidelity: "runtime" }], ["--fidelity", "lossless"]))[0])).toBe(false);
  });

  it.each([
    ["nothing", ""],
    ["blanks", "   "],
    ["no JSON", "{"],
    ["a number", "7"],
    ["null", "null"],
    ["a list", '["load"]'],
    ["no op", '{"cwd":"/"}'],
    ["an op of another type", '{"op":7,"cwd":"/"}'],
    ["an unknown op", '{"op":"frob","cwd":"/"}'],
    ["an op every object has", '{"op":"constructor","cwd":"/"}'],
    ["a prototype", '{"__proto__":{"op":"load","cwd":"/","path":"x"}}'],
    ["no cwd", '{"op":"load","path":"x"}'],
    ["a relative cwd", '{"op":"load","cwd":"x","path":"x"}'],
    ["a path of another type", '{"op":"load","cwd":"/","path":[]}'],
    ["a path with NUL", '{"op":"load","cwd":"/","path":"a\\u0000b"}'],
    ["a cwd with NUL", '{"op":"load","cwd":"/a\\u0000b","path":"x"}'],
    ["a folder that is not there", '{"op":"load","cwd":"/nowhere/at/all","path":"x"}'],
    ["an unknown fidelity", '{"op":"normalize","cwd":"/","path":"x","fidelity":"best"}'],
    ["an event log", '{"op":"load","cwd":"/","path":"x","log":"file","log_dir":"events"}'],
    ["a log of an unknown kind", '{"op":"replay","cwd":"/","session":"s","log":"memory","log_dir":"events"}'],
    ["a replay without session", '{"op":"replay","cwd":"/"}'],
    ["many levels", "[".repeat(200_000)],
    ["too much", `{"op":"${"x".repeat(2 << 20)}"}`],
  ])("survives %s, and answers the next line", async (_, line) => {
    const cwd = testFolder(FILES);
    const answers = await batch([`${line}\n${JSON.stringify({ op: "load", cwd, path: "r.json" })}\n`]);
    expect(answers).toHaveLength(2);
    expect(answers[0]).toMatchObject({ ok: false });
    expect(answers[0]?.error).not.toBe("");
    expect(answers[1]?.ok).toBe(true);
  });

  it("survives any bytes, however they are cut", async () => {
    const cwd = testFolder(FILES);
    const last = Buffer.from(`\n${JSON.stringify({ op: "load", cwd, path: "r.json" })}`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 })), async (chunks) => {
        const answers = await batch([...chunks, last]);
        expect(answers).toHaveLength(Buffer.concat(chunks).filter((byte) => byte === 0x0a).length + 2);
        expect(answers.at(-1)?.ok).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it("takes jobs cut anywhere, with either line end", async () => {
    const cwd = testFolder(FILES);
    const line = Buffer.from(`${JSON.stringify({ op: "load", cwd, path: "r.json" })}\r\n`);
    const bytes = Buffer.concat([line, line, line]);
    for (let cut = 1; cut < bytes.length; cut += 7) {
      expect((await batch([bytes.subarray(0, cut), bytes.subarray(cut)])).map(({ ok }) => ok)).toEqual([true, true, true]);
    }
  });

  it("reads the sidecar beside a named path, and none that a record names outside", async () => {
    const daemon = `${JSON.stringify({ type: "daemon_event", daemon_id: "d", name: "n", kind: "spawned", timestamp: "1" })}\n`;
    const folder = testFolder({
      "in/r.json": jsonText(sampleRecord({ persisted_path: "../out/r.json" })),
      "out/r.json": jsonText(sampleRecord()),
      "out/r-llm/llm_transcript.jsonl": daemon,
    });
    const cwd = join(folder, "in");
    const [stored, named] = await jobs([
      { op: "normalize", cwd, path: "r.json" },
      { op: "load", cwd, path: "../out/r.json" },
    ]);
    expect(stored?.text).not.toContain('"daemon_id"');
    expect(named?.text).toContain('"daemon_id": "d"');
  });
});

describe("a save without a path", () => {
  const save = (cwd: string): unknown => ({ op: "save", cwd, path: "r.json" });

  it("goes to the run folder, named by the run's id", async () => {
    const cwd = testFolder(FILES);
    const [answer] = await jobs([save(cwd)]);
    expect(answer?.path).toBe(join(cwd, ".harn-runs/run_1.json"));
    expect(JSON.parse(readFileSync(join(cwd, ".harn-runs/run_1.json"), "utf8"))).toMatchObject({
      persisted_path: join(cwd, ".harn-runs/run_1.json"),
    });
  });

  it("goes to $HARN_RUN_DIR, unless that is blank", async () => {
    const cwd = testFolder(FILES);
    expect((await jobs([save(cwd)], [], { HARN_RUN_DIR: "runs/here" }))[0]?.path).toBe(`${cwd}/runs/here/run_1.json`);
    expect((await jobs([save(cwd)], [], { HARN_RUN_DIR: " \t" }))[0]?.path).toBe(`${cwd}/.harn-runs/run_1.json`);
  });

  it.each(["../../escape", "../../../../../../../../tmp/run-record-escape", "/tmp/run-record-escape", "a/../../../escape"])(
    "does not leave the folder by the id %j, unless that is allowed",
    async (id) => {
      const folder = testFolder({ "w/r.json": jsonText(sampleRecord({ id })) });
      const [answer] = await jobs([save(join(folder, "w"))]);
      expect(answer).toMatchObject({ ok: false, error: expect.stringContaining("--allow-outside") as string });
      expect(existsSync("/tmp/run-record-escape.json")).toBe(false);
      expect(existsSync(join(folder, "escape.json"))).toBe(false);
    },
  );

  it("leaves the folder when that is allowed", async () => {
    const folder = testFolder({ "w/r.json": jsonText(sampleRecord({ id: "../../up" })) });
    const [answer] = await jobs([save(join(folder, "w"))], ["--allow-outside"]);
    expect(answer).toMatchObject({ ok: true, path: `${folder}/w/.harn-runs/../../up.json` });
    expect(existsSync(join(folder, "up.json"))).toBe(true);
  });

  it("does not leave the folder by a link or by $HARN_RUN_DIR", async () => {
    const folder = testFolder({ "w/r.json": FILES["r.json"] });
    mkdirSync(join(folder, "elsewhere"));
    symlinkSync(join(folder, "elsewhere"), join(folder, "w/.harn-runs"));
    const cwd = join(folder, "w");
    expect((await jobs([save(cwd)]))[0]?.ok).toBe(false);
    expect((await jobs([save(cwd)], [], { HARN_RUN_DIR: join(folder, "elsewhere") }))[0]?.ok).toBe(false);
    expect(existsSync(join(folder, "elsewhere/run_1.json"))).toBe(false);
    expect((await jobs([save(cwd)], ["--allow-outside"], { HARN_RUN_DIR: join(folder, "elsewhere") }))[0]?.ok).toBe(true);
  });
});
