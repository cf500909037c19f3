import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findBaseFolder } from "../../../src/engine/ports/findBaseFolder.ts";
import { findRecords } from "../../../src/engine/ports/findRecords.ts";
import { nodeFileSystem } from "../../../src/engine/ports/nodeFileSystem.ts";
import { readSidecar } from "../../../src/engine/ports/readSidecar.ts";
import { resolveStoredPath } from "../../../src/engine/ports/resolveStoredPath.ts";
import { rootsOf } from "../../../src/engine/ports/trustedFolders.ts";
import type { RecordPlace } from "../../../src/protocol/engine.ts";
import { fsError, watchedFileSystem } from "./faultyFileSystem.ts";
import { testFolder } from "./testFolder.ts";

function placeIn(folder: string, workspace: string | null = join(folder, "ws")): RecordPlace {
  return { path: join(folder, "ws/app/.harn-runs/a.json"), baseFolder: join(folder, "ws/app"), workspaceFolder: workspace };
}
const FILES = { "ws/app/.harn-runs/a.json": "{}", "ws/app/.harn-runs/b.json": "{}", "ws/other/c.json": "{}", "outside/secret.json": "{}" };

describe("resolveStoredPath", () => {
  it.each([
    ["from the base folder", ".harn-runs/b.json", "ws/app/.harn-runs/b.json"],
    ["from the record's folder", "b.json", "ws/app/.harn-runs/b.json"],
    ["from the workspace folder", "other/c.json", "ws/other/c.json"],
    ["upwards, but inside", "../other/c.json", "ws/other/c.json"],
    ["with Windows separators", ".harn-runs\\b.json", "ws/app/.harn-runs/b.json"],
    ["with doubled separators", ".harn-runs//./b.json", "ws/app/.harn-runs/b.json"],
  ])("finds a file %s", async (_, stored, expected) => {
    const folder = testFolder(FILES);
    expect(await resolveStoredPath(stored, placeIn(folder))).toEqual({
      stored,
      path: join(folder, expected),
      presence: "present",
      note: "",
    });
  });

  it("looks at nothing for a record of another file system, whatever lies at the same path here", async () => {
    const folder = testFolder(FILES);
    const resolved = await resolveStoredPath("b.json", { ...placeIn(folder), virtual: true });
    expect(resolved).toMatchObject({ path: null, presence: "unreadable" });
    expect(resolved.note).toContain("“b.json” is not looked for");
  });

  it("finds an absolute path inside, and takes the base folder before the others", async () => {
    const folder = testFolder({ ...FILES, "ws/app/b.json": "{}" });
    const inside = join(folder, "ws/other/c.json");
    expect(await resolveStoredPath(inside, placeIn(folder))).toMatchObject({ path: inside, presence: "present" });
    expect((await resolveStoredPath("b.json", placeIn(folder))).path).toBe(join(folder, "ws/app/b.json"));
  });

  it.each([
    ["nothing", "", "unnamed"],
    ["blanks", " \t", "unnamed"],
    ["a file that is not there", "none.json", "absent"],
    ["a path through a file", ".harn-runs/b.json/c", "absent"],
    ["a folder", ".harn-runs", "unreadable"],
    ["a NUL", ".harn-runs/b.json\0.txt", "unreadable"],
    ["a web address", "https://example.com/b.json", "unreadable"],
    ["a file address", "file:///etc/passwd", "unreadable"],
    ["a command", "command:workbench.action.quit", "unreadable"],
    ["a script", "javascript:alert(1)", "unreadable"],
    ["a path of Windows", "C:\\Users\\me\\b.json", "absent"],
    ["a name too long for a file", "x".repeat(300), "unreadable"],
    ["a megabyte", "x".repeat(1 << 20), "unreadable"],
  ])("does not follow %s", async (_, stored, presence) => {
    const result = await resolveStoredPath(stored, placeIn(testFolder(FILES)));
    expect(result).toMatchObject({ presence, path: null });
    expect(result.note).not.toBe("");
    expect(result.note.length).toBeLessThan(400);
  });

  it.each([
    ["upwards", () => "../../../../../../../../../../etc/passwd", "/etc/passwd"],
    ["absolute", () => "/etc/passwd", "/etc/passwd"],
    ["a share of Windows", () => "\\\\server\\share\\b.json", "/server/share/b.json"],
    ["a neighbour whose name begins like ours", (folder: string) => join(folder, "ws-evil/a.json"), null],
    ["a folder beside the workspace", () => "../../outside/secret.json", null],
  ])("does not look outside: %s", async (_, storedIn, expected) => {
    const folder = testFolder({ ...FILES, "ws-evil/a.json": "{}" });
    const touched: string[] = [];
    const fs = watchedFileSystem((_call, path) => void touched.push(path));
    const result = await resolveStoredPath(storedIn(folder), placeIn(folder), fs);
    expect(result.presence).toBe("outside");
    expect(result.note).toMatch(/outside the workspace/);
    if (expected !== null) expect(result.path).toBe(expected);
    expect(touched.filter((path) => !path.startsWith(join(folder, "ws") + "/") && path !== join(folder, "ws"))).toEqual([]);
  });

  it("does not follow a symbolic link that leads out", async () => {
    const folder = testFolder(FILES);
    symlinkSync(join(folder, "outside"), join(folder, "ws/app/link"));
    symlinkSync("/etc/passwd", join(folder, "ws/app/.harn-runs/passwd.json"));
    expect(await resolveStoredPath("link/secret.json", placeIn(folder))).toMatchObject({ presence: "outside" });
    expect(await resolveStoredPath("passwd.json", placeIn(folder))).toMatchObject({ presence: "outside" });
  });

  it("follows a symbolic link that stays inside, and a workspace that is one itself", async () => {
    const folder = testFolder(FILES);
    symlinkSync(join(folder, "ws/other"), join(folder, "ws/app/link"));
    symlinkSync(join(folder, "ws"), join(folder, "alias"));
    expect(await resolveStoredPath("link/c.json", placeIn(folder))).toMatchObject({ presence: "present" });
    const place = {
      path: join(folder, "alias/app/.harn-runs/a.json"),
      baseFolder: join(folder, "alias/app"),
      workspaceFolder: join(folder, "alias"),
    };
    expect(await resolveStoredPath(".harn-runs/b.json", place)).toMatchObject({ presence: "present" });
    expect(await resolveStoredPath(join(folder, "ws/other/c.json"), place)).toMatchObject({ presence: "present" });
  });

  it("says when links go in a circle, when there is no permission, and when it is a pipe", async () => {
    const folder = testFolder(FILES);
    symlinkSync("y", join(folder, "ws/app/x"));
    symlinkSync("x", join(folder, "ws/app/y"));
    execFileSync("mkfifo", [join(folder, "ws/app/pipe")]);
    expect(await resolveStoredPath("x", placeIn(folder))).toMatchObject({ presence: "unreadable", path: null });
    expect(await resolveStoredPath("pipe", placeIn(folder))).toMatchObject({ presence: "unreadable", path: null });
    const fs = watchedFileSystem((call) => {
      if (call === "checkAccess") throw fsError("EACCES");
    });
    const denied = await resolveStoredPath("b.json", placeIn(folder), fs);
    expect(denied).toMatchObject({ presence: "unreadable", note: expect.stringContaining("no permission") as string });
  });

  it("without a workspace keeps to the base folder and the record's own", async () => {
    const folder = testFolder(FILES);
    expect(await resolveStoredPath("b.json", placeIn(folder, null))).toMatchObject({ presence: "present" });
    expect(await resolveStoredPath("../other/c.json", placeIn(folder, null))).toMatchObject({ presence: "outside" });
  });

  it("shows deceptive characters of a path in its note", async () => {
    const { note } = await resolveStoredPath("a\u202egnp.json\nb", placeIn(testFolder(FILES)));
    expect(note).not.toMatch(/\u202e|\n/);
  });
});

describe("findBaseFolder", () => {
  const cases: [string, Record<string, string>, string, string | null, string][] = [
    ["the folder of .harn-runs", { "w/p/.harn-runs/x/": "" }, "w/p/.harn-runs/x/a.json", "w", "w/p"],
    ["the nearest of several", { "w/.harn-runs/": "", "w/p/.harn-runs/": "" }, "w/p/q/a.run.json", "w", "w/p"],
    ["a folder that holds .harn-runs itself", { "w/p/.harn-runs/": "" }, "w/p/a.run.json", "w", "w/p"],
    [".harn when there are no runs", { "w/p/.harn/": "" }, "w/p/q/a.run.json", "w", "w/p"],
    [".harn-runs further up before .harn", { "w/.harn-runs/": "", "w/p/.harn/": "" }, "w/p/a.run.json", "w", "w"],
    ["never above the workspace folder", { ".harn-runs/": "", "w/p/": "" }, "w/p/a.run.json", "w", "w"],
    ["above, when there is no workspace", { ".harn-runs/": "", "w/p/": "" }, "w/p/a.run.json", null, ""],
    ["above, when the record is outside of it", { ".harn-runs/": "", "w/p/": "", "v/": "" }, "w/p/a.run.json", "v", ""],
    ["not a file of that name", { "w/p/.harn-runs": "a file", "w/.harn/": "" }, "w/p/a.run.json", "w", "w"],
    ["the workspace folder when there is nothing", { "w/p/": "" }, "w/p/a.run.json", "w", "w"],
  ];
  it.each(cases)("%s", async (_, files, path, workspace, expected) => {
    const folder = testFolder(files);
    const found = await findBaseFolder(join(folder, path), workspace === null ? null : join(folder, workspace));
    expect(found).toBe(expected === "" ? folder : join(folder, expected));
  });

  it("is the record's own folder when there is nothing at all", async () => {
    const folder = testFolder({ "p/": "" });
    const fs = watchedFileSystem((call) => {
      if (call === "stat") throw fsError("ENOENT");
    });
    expect(await findBaseFolder(join(folder, "p/a.run.json"), null, fs)).toBe(join(folder, "p"));
  });
});

describe("readSidecar", () => {
  async function read(
    folder: string,
    path: string,
    fs = nodeFileSystem,
  ): Promise<{ exists: boolean; text: string | null; notes: string[] }> {
    const place = placeIn(folder);
    const notes: string[] = [];
    const { exists, bytes } = await readSidecar(fs, path, {
      baseFolder: place.baseFolder,
      roots: await rootsOf(fs, place),
      note: (sentence) => notes.push(sentence),
    });
    return { exists, text: bytes === null ? null : new TextDecoder().decode(bytes), notes };
  }
  const SIDECAR = { ...FILES, "ws/app/.harn-runs/a-llm/llm_transcript.jsonl": "lines", "outside/a-llm/llm_transcript.jsonl": "secret" };

  it("reads one inside", async () => {
    expect(await read(testFolder(SIDECAR), ".harn-runs/a-llm/llm_transcript.jsonl")).toEqual({ exists: true, text: "lines", notes: [] });
  });
  it("tells an absent one without a word", async () => {
    expect(await read(testFolder(SIDECAR), ".harn-runs/z-llm/llm_transcript.jsonl")).toEqual({ exists: false, text: null, notes: [] });
    expect(await read(testFolder(SIDECAR), "a\0b")).toEqual({ exists: false, text: null, notes: [] });
  });
  it("counts a folder as there", async () => {
    const folder = testFolder(SIDECAR);
    mkdirSync(join(folder, "ws/app/.harn-runs/d-llm/llm_transcript.jsonl"), { recursive: true });
    expect(await read(folder, ".harn-runs/d-llm/llm_transcript.jsonl")).toMatchObject({ exists: true, text: null });
  });
  it.each(["../../outside/a-llm/llm_transcript.jsonl", "/etc/a-llm/llm_transcript.jsonl"])(
    "does not read %s, and says so",
    async (path) => {
      const folder = testFolder(SIDECAR);
      const result = await read(folder, path);
      expect(result).toMatchObject({ exists: false, text: null });
      expect(result.notes).toHaveLength(1);
    },
  );
  it("does not follow a link that leads out", async () => {
    const folder = testFolder(SIDECAR);
    symlinkSync(join(folder, "outside/a-llm"), join(folder, "ws/app/.harn-runs/out-llm"));
    const result = await read(folder, ".harn-runs/out-llm/llm_transcript.jsonl");
    expect(result).toMatchObject({ exists: false, text: null });
    expect(result.notes[0]).toMatch(/outside/);
  });
  it("says when one is there and cannot be read", async () => {
    const fs = watchedFileSystem((call, path) => {
      if (call === "openToRead" && path.endsWith(".jsonl")) throw fsError("EACCES");
    });
    const result = await read(testFolder(SIDECAR), ".harn-runs/a-llm/llm_transcript.jsonl", fs);
    expect(result).toMatchObject({ exists: true, text: null });
    expect(result.notes[0]).toMatch(/permission/);
  });
});

describe("findRecords", () => {
  it("finds runs by place and name, and does not enter what is not the user's", async () => {
    const folder = testFolder({
      ".harn-runs/a.json": "",
      ".harn-runs/sub/b.json": "",
      ".harn-runs/a-llm/llm_transcript.jsonl": "",
      "x.json": "",
      "p/x.json": "",
      "p/y.run.json": "",
      "p/.harn-runs/c.json": "",
      "node_modules/m/z.run.json": "",
      ".git/z.run.json": "",
    });
    symlinkSync(folder, join(folder, "p/loop"));
    const found = await findRecords(nodeFileSystem, [folder, folder, join(folder, "none")]);
    expect(found.map((path) => path.slice(folder.length + 1))).toEqual([
      "x.json",
      ".harn-runs/a.json",
      "p/y.run.json",
      ".harn-runs/sub/b.json",
      "p/.harn-runs/c.json",
    ]);
    expect(await findRecords(nodeFileSystem, [join(folder, ".harn-runs")])).toHaveLength(2);
    await expect(findRecords(nodeFileSystem, [folder], AbortSignal.abort())).rejects.toThrow("Cancelled");
  });
});
