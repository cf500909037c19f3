import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { EngineFault } from "../../../src/engine/EngineFault.ts";
import { atomicWrite, TEMP_SUFFIX } from "../../../src/engine/ports/atomicWrite.ts";
import { nodeFileSystem } from "../../../src/engine/ports/nodeFileSystem.ts";
import { nodeLockHost } from "../../../src/engine/ports/nodeLockHost.ts";
import { lockPathOf } from "../../../src/engine/ports/saveLock.ts";
import type { LockHost } from "../../../src/engine/ports/saveLock.ts";
import { fsError, watchedFileSystem } from "./faultyFileSystem.ts";
import { testFolder } from "./testFolder.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
/** Waits for nothing, so that a lock that stays held is given up at once. */
const host = (changes: Partial<LockHost> = {}): LockHost => ({ ...nodeLockHost, wait: async () => Promise.resolve(), ...changes });

async function faultOf(promise: Promise<unknown>): Promise<EngineFault["error"]> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (cause: unknown) => ({ cause }),
  );
  if (!("cause" in outcome)) throw new Error(`nothing was refused: ${String(outcome.value)}`);
  return (outcome.cause as EngineFault).error;
}

describe("a write that goes well", () => {
  it("replaces the content and leaves nothing else behind", async () => {
    const folder = testFolder({ "a.json": "old" });
    const target = join(folder, "a.json");
    expect(await atomicWrite(nodeFileSystem, target, bytes("new"), { expected: bytes("old") })).toBe(target);
    expect(readFileSync(target, "utf8")).toBe("new");
    expect(readdirSync(folder)).toEqual(["a.json"]);
  });

  it("makes a new file, and its folders when asked to", async () => {
    const folder = testFolder();
    await atomicWrite(nodeFileSystem, join(folder, "x/y/a.json"), bytes("new"), { expected: null, makeFolders: true });
    expect(readFileSync(join(folder, "x/y/a.json"), "utf8")).toBe("new");
  });

  it("writes an empty file, and one of several chunks", async () => {
    const folder = testFolder();
    const large = new Uint8Array((16 << 20) + 5).fill(0x61);
    await atomicWrite(nodeFileSystem, join(folder, "empty"), bytes(""));
    await atomicWrite(nodeFileSystem, join(folder, "large"), large);
    expect(statSync(join(folder, "empty")).size).toBe(0);
    expect(Buffer.compare(readFileSync(join(folder, "large")), large)).toBe(0);
  });

  it("keeps the mode, whatever the mask", async () => {
    const folder = testFolder({ "a.json": "old" });
    chmodSync(join(folder, "a.json"), 0o666);
    await atomicWrite(nodeFileSystem, join(folder, "a.json"), bytes("new"));
    expect(statSync(join(folder, "a.json")).mode & 0o777).toBe(0o666);
  });

  it("follows a symbolic link and writes what it leads to", async () => {
    const folder = testFolder({ "real/a.json": "old" });
    symlinkSync("real/a.json", join(folder, "second"));
    symlinkSync(join(folder, "second"), join(folder, "first"));
    expect(await atomicWrite(nodeFileSystem, join(folder, "first"), bytes("new"))).toBe(join(folder, "real/a.json"));
    expect(lstatSync(join(folder, "first")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, "real/a.json"), "utf8")).toBe("new");
  });

  it("follows a symbolic link to a file that is not there yet", async () => {
    const folder = testFolder({ "real/": "" });
    symlinkSync("real/a.json", join(folder, "link"));
    await atomicWrite(nodeFileSystem, join(folder, "link"), bytes("new"));
    expect(readFileSync(join(folder, "real/a.json"), "utf8")).toBe("new");
    expect(lstatSync(join(folder, "link")).isSymbolicLink()).toBe(true);
  });

  it("takes the longest file names", async () => {
    const folder = testFolder();
    const name = `${"é".repeat(125)}.json`;
    await atomicWrite(nodeFileSystem, join(folder, name), bytes("new"));
    expect(readdirSync(folder)).toEqual([name]);
  });

  it("tells of the temporary file before it is made and after it is gone", async () => {
    const folder = testFolder();
    const told: string[] = [];
    await atomicWrite(nodeFileSystem, join(folder, "a.json"), bytes("new"), {
      noteTemp: async (path, state) => {
        told.push(`${state} ${String(readdirSync(folder).some((name) => name.endsWith(TEMP_SUFFIX)))}`);
        expect(path).toMatch(/[/\\]\.a\.json\.[0-9a-f-]{36}\.run-record-tmp$/);
        return Promise.resolve();
      },
    });
    expect(told).toEqual(["made false", "gone false"]);
  });
});

describe("a write that is refused leaves the file as it was", () => {
  const refusals: [string, (folder: string) => string, Parameters<typeof atomicWrite>[3], string][] = [
    ["content that changed", () => "a.json", { expected: bytes("something else") }, "changedOnDisk"],
    ["content of the same length that changed", () => "a.json", { expected: bytes("olD") }, "changedOnDisk"],
    ["a file that was not there before", () => "a.json", { expected: null }, "changedOnDisk"],
    ["a file that is gone", () => "b.json", { expected: bytes("old") }, "notFound"],
    ["a folder", () => "sub", {}, "isFolder"],
    ["a path that ends in a slash", () => "c/", {}, "isFolder"],
    ["a missing folder", () => "none/a.json", {}, "notFound"],
    ["a file where a folder should be", () => "a.json/b.json", {}, "notFound"],
    ["a file where a folder should be made", () => "a.json/b.json", { makeFolders: true }, "notFound"],
    ["a cancelled one", () => "a.json", { signal: AbortSignal.abort() }, "cancelled"],
  ];
  it.each(refusals)("%s", async (_, nameOf, options, code) => {
    const folder = testFolder({ "a.json": "old", "sub/x": "" });
    const before = readdirSync(folder).sort();
    const error = await faultOf(atomicWrite(nodeFileSystem, `${folder}/${nameOf(folder)}`, bytes("new"), options));
    expect(error.code).toBe(code);
    expect(error.message).not.toBe("");
    expect(readFileSync(join(folder, "a.json"), "utf8")).toBe("old");
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  it("links that go round in a circle", async () => {
    const folder = testFolder();
    symlinkSync("b", join(folder, "a"));
    symlinkSync("a", join(folder, "b"));
    expect((await faultOf(atomicWrite(nodeFileSystem, join(folder, "a"), bytes("new")))).message).toMatch(/leads back to itself/);
  });

  it("a file marked read-only", async () => {
    const folder = testFolder({ "a.json": "old" });
    const fs = watchedFileSystem((call) => {
      if (call === "checkAccess") throw fsError("EACCES");
    });
    expect((await faultOf(atomicWrite(fs, join(folder, "a.json"), bytes("new")))).code).toBe("noPermission");
    expect(readFileSync(join(folder, "a.json"), "utf8")).toBe("old");
  });
});

describe("a failure between two steps", () => {
  const steps = ["create", "file.setMode", "file.write", "file.sync", "file.close", "openToRead", "file.read", "rename"];
  const codes = [
    ["ENOSPC", "unreadable"],
    ["EACCES", "noPermission"],
    ["EIO", "unreadable"],
  ] as const;
  it.each(steps.flatMap((step) => codes.map((pair) => [step, ...pair] as const)))("%s with %s", async (step, code, expected) => {
    const folder = testFolder({ "a.json": "old" });
    let failed = false;
    const fs = watchedFileSystem((call, path) => {
      // The lock's own file works; the write's own step fails, once.
      if (failed || call !== step || path.includes("lock")) return;
      failed = true;
      throw fsError(code);
    });
    const error = await faultOf(atomicWrite(fs, join(folder, "a.json"), bytes("new"), { expected: bytes("old"), host: host() }));
    expect(error.code).toBe(expected);
    expect(failed).toBe(true);
    expect(readFileSync(join(folder, "a.json"), "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["a.json"]);
  });

  it("keeps the note of a temporary file that cannot be removed", async () => {
    const folder = testFolder({ "a.json": "old" });
    const told: string[] = [];
    const fs = watchedFileSystem((call, path) => {
      if (call === "rename" || (call === "remove" && path.endsWith(TEMP_SUFFIX))) throw fsError("EIO");
    });
    await faultOf(
      atomicWrite(fs, join(folder, "a.json"), bytes("new"), {
        noteTemp: async (_, state) => {
          told.push(state);
          return Promise.resolve();
        },
      }),
    );
    expect(told).toEqual(["made"]);
  });

  it("does not mind a folder that cannot be synced", async () => {
    const folder = testFolder();
    const fs = watchedFileSystem((call) => {
      if (call === "syncFolder") throw fsError("EINVAL");
    });
    await atomicWrite(fs, join(folder, "a.json"), bytes("new"));
    expect(readFileSync(join(folder, "a.json"), "utf8")).toBe("new");
  });

  it("tries the rename again on Windows, and only there", async () => {
    const folder = testFolder({ "a.json": "old" });
    let left = 3;
    const fs = watchedFileSystem((call) => {
      if (call === "rename" && left-- > 0) throw fsError("EPERM");
    });
    expect((await faultOf(atomicWrite(fs, join(folder, "a.json"), bytes("new"), { platform: "linux" }))).code).toBe("noPermission");
    await atomicWrite(fs, join(folder, "a.json"), bytes("new"), { platform: "win32", host: host() });
    expect(left).toBeLessThan(0);
    expect(readFileSync(join(folder, "a.json"), "utf8")).toBe("new");
  });

  it("notices when another program writes after the rename", async () => {
    const folder = testFolder({ "a.json": "old" });
    const target = join(folder, "a.json");
    let reads = 0;
    const fs = watchedFileSystem((call, path) => {
      if (call === "openToRead" && path === target && ++reads === 2) writeFileSync(target, "theirs");
    });
    const error = await faultOf(atomicWrite(fs, target, bytes("new"), { expected: bytes("old") }));
    expect(error).toMatchObject({ code: "changedOnDisk", message: expect.stringContaining("reads back differently") as string });
    expect(readdirSync(folder)).toEqual(["a.json"]);
  });
});

describe("two of ours", () => {
  it("exclude each other: of many that expect the same content one writes", async () => {
    const folder = testFolder({ "a.json": "old" });
    const target = join(folder, "a.json");
    const outcomes = await Promise.allSettled(
      ["a", "b", "c", "d", "e"].map(async (text) =>
        atomicWrite(nodeFileSystem, target, bytes(text), { expected: bytes("old"), host: nodeLockHost }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect((outcome.reason as EngineFault).error.code).toBe("changedOnDisk");
    }
    expect(["a", "b", "c", "d", "e"]).toContain(readFileSync(target, "utf8"));
    expect(readdirSync(folder)).toEqual(["a.json"]);
  });

  it("refuse when the other one keeps at it", async () => {
    const folder = testFolder({ "a.json": "old" });
    const target = join(folder, "a.json");
    writeFileSync(lockPathOf(target), JSON.stringify({ pid: process.pid, host: nodeLockHost.hostName, token: "x" }));
    let waits = 0;
    const error = await faultOf(
      atomicWrite(nodeFileSystem, target, bytes("new"), {
        host: host({
          wait: async () => {
            waits++;
            return Promise.resolve();
          },
        }),
      }),
    );
    expect(error).toMatchObject({ code: "refused", message: expect.stringContaining("another window") as string });
    expect(waits).toBeGreaterThan(3);
    expect(readFileSync(target, "utf8")).toBe("old");
    expect(statSync(lockPathOf(target)).isFile()).toBe(true);
  });

  const left: [string, string, Partial<LockHost>, number][] = [
    ["of a dead process", JSON.stringify({ pid: 12345678, host: nodeLockHost.hostName, token: "x" }), { isAlive: () => false }, 0],
    ["of another machine, old", JSON.stringify({ pid: 1, host: "elsewhere", token: "x" }), {}, 3600],
    ["with nothing in it, old", "", {}, 3600],
    [
      "of a process whose number is in use again, old",
      JSON.stringify({ pid: process.pid, host: nodeLockHost.hostName, token: "x" }),
      {},
      3600,
    ],
  ];
  it.each(left)("replace a lock that was left behind: %s", async (_, text, changes, ageSeconds) => {
    const folder = testFolder({ "a.json": "old" });
    const target = join(folder, "a.json");
    writeFileSync(lockPathOf(target), text);
    const changed = Date.now() / 1000 - ageSeconds;
    utimesSync(lockPathOf(target), changed, changed);
    await atomicWrite(nodeFileSystem, target, bytes("new"), { host: host(changes) });
    expect(readFileSync(target, "utf8")).toBe("new");
    expect(readdirSync(folder)).toEqual(["a.json"]);
  });

  it.each([
    ["of another machine, new", JSON.stringify({ pid: 1, host: "elsewhere", token: "x" })],
    ["with nothing in it yet", ""],
  ])("wait for a lock %s", async (_, text) => {
    const folder = testFolder({ "a.json": "old" });
    const target = join(folder, "a.json");
    writeFileSync(lockPathOf(target), text);
    expect((await faultOf(atomicWrite(nodeFileSystem, target, bytes("new"), { host: host() }))).code).toBe("refused");
  });

  it("give a lock back that turned out to be a newer one", async () => {
    const folder = testFolder({ "a.json": "old" });
    const target = join(folder, "a.json");
    const lock = lockPathOf(target);
    const newer = JSON.stringify({ pid: process.pid, host: nodeLockHost.hostName, token: "newer" });
    writeFileSync(lock, JSON.stringify({ pid: 12345678, host: nodeLockHost.hostName, token: "dead" }));
    // Between the look at the dead one's lock and its removal a second process replaces it.
    const fs = watchedFileSystem((call, path) => {
      if (call === "rename" && path === lock) writeFileSync(lock, newer);
    });
    const error = await faultOf(atomicWrite(fs, target, bytes("new"), { host: host({ isAlive: (pid) => pid === process.pid }) }));
    expect(error.code).toBe("refused");
    expect(readFileSync(lock, "utf8")).toBe(newer);
    expect(readdirSync(folder).sort()).toEqual([".a.json.run-record-lock", "a.json"]);
  });

  it("leave a lock alone that is not theirs any more", async () => {
    const folder = testFolder({ "a.json": "old" });
    const target = join(folder, "a.json");
    const fs = watchedFileSystem((call) => {
      if (call === "syncFolder") writeFileSync(lockPathOf(target), "somebody else's");
    });
    await atomicWrite(fs, target, bytes("new"));
    expect(readFileSync(lockPathOf(target), "utf8")).toBe("somebody else's");
  });

  it("cannot lock in a folder that cannot be written", async () => {
    const folder = testFolder({ "a.json": "old" });
    const fs = watchedFileSystem((call) => {
      if (call === "create") throw fsError("EACCES");
    });
    expect((await faultOf(atomicWrite(fs, join(folder, "a.json"), bytes("new")))).code).toBe("noPermission");
  });

  it("work in folders with names that look like patterns", async () => {
    const folder = testFolder();
    mkdirSync(join(folder, "[x] {y} %20"));
    await atomicWrite(nodeFileSystem, join(folder, "[x] {y} %20", "a#b?.json"), bytes("new"));
    expect(readdirSync(join(folder, "[x] {y} %20"))).toEqual(["a#b?.json"]);
  });
});
