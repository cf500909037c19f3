import { appendFileSync, chmodSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EngineFault } from "../../../src/engine/EngineFault.ts";
import { contentEquals } from "../../../src/engine/ports/contentEquals.ts";
import { nodeFileSystem } from "../../../src/engine/ports/nodeFileSystem.ts";
import { readHead } from "../../../src/engine/ports/readHead.ts";
import { readWholeFile } from "../../../src/engine/ports/readWholeFile.ts";
import { fsError, watchedFileSystem } from "./faultyFileSystem.ts";
import { testFolder } from "./testFolder.ts";

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (cause) {
    if (!(cause instanceof EngineFault)) throw cause;
    expect(cause.error.message).not.toBe("");
    return cause.error.code;
  }
  throw new Error("nothing was refused");
}
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("readWholeFile", () => {
  it.each([0, 1, 100, (8 << 20) - 1, 8 << 20, (8 << 20) + 1])("reads a file of %d bytes", async (size) => {
    const content = Buffer.alloc(size, "abc");
    const folder = testFolder({ f: content });
    const { bytes, facts } = await readWholeFile(nodeFileSystem, join(folder, "f"));
    expect(Buffer.compare(bytes, content)).toBe(0);
    expect(facts.size).toBe(size);
  });

  it("refuses a folder, a missing file, a path through a file, and a cancelled request, each with its code", async () => {
    const folder = testFolder({ f: "x" });
    expect(await codeOf(readWholeFile(nodeFileSystem, folder))).toBe("isFolder");
    expect(await codeOf(readWholeFile(nodeFileSystem, join(folder, "none")))).toBe("notFound");
    expect(await codeOf(readWholeFile(nodeFileSystem, join(folder, "f/g")))).toBe("notFound");
    expect(await codeOf(readWholeFile(nodeFileSystem, join(folder, "f"), { signal: AbortSignal.abort() }))).toBe("cancelled");
  });

  it("refuses what is too large before reading any of it", async () => {
    const folder = testFolder({ f: "" });
    truncateSync(join(folder, "f"), 2 ** 31); // a hole: takes no room on the disk
    let opened = false;
    const fs = watchedFileSystem((call) => {
      if (call === "openToRead") opened = true;
    });
    expect(await codeOf(readWholeFile(fs, join(folder, "f")))).toBe("tooLarge");
    expect(opened).toBe(false);
  });

  it("refuses a file that grows past the limit while it is read", async () => {
    const folder = testFolder({ f: "12345" });
    const fs = watchedFileSystem((call) => {
      if (call === "file.read") appendFileSync(join(folder, "f"), "67890");
    });
    expect(await codeOf(readWholeFile(fs, join(folder, "f"), { limit: 12 }))).toBe("tooLarge");
  });

  it("refuses pipes and devices instead of waiting for them", async () => {
    const folder = testFolder();
    execFileSync("mkfifo", [join(folder, "pipe")]);
    expect(await codeOf(readWholeFile(nodeFileSystem, join(folder, "pipe")))).toBe("unreadable");
    expect(await codeOf(readWholeFile(nodeFileSystem, "/dev/zero"))).toBe("unreadable");
  });

  it.runIf(process.getuid?.() !== 0)("says when there is no permission (skipped for root, whom no mode stops)", async () => {
    const folder = testFolder({ f: "x" });
    chmodSync(join(folder, "f"), 0);
    expect(await codeOf(readWholeFile(nodeFileSystem, join(folder, "f")))).toBe("noPermission");
  });

  it.each([
    ["stat", "EACCES", "noPermission"],
    ["openToRead", "EACCES", "noPermission"],
    ["openToRead", "EPERM", "noPermission"],
    ["openToRead", "ENOENT", "notFound"],
    ["file.read", "EISDIR", "isFolder"],
    ["file.read", "EIO", "unreadable"],
    ["openToRead", "EMFILE", "unreadable"],
  ])("%s failing with %s is %s", async (step, code, expected) => {
    const folder = testFolder({ f: "x" });
    const fs = watchedFileSystem((call) => {
      if (call === step) throw fsError(code);
    });
    expect(await codeOf(readWholeFile(fs, join(folder, "f")))).toBe(expected);
  });

  it("gives the whole of a file that is rewritten while it is read, once it rests", async () => {
    const folder = testFolder({ f: "old content" });
    let first = true;
    const fs = watchedFileSystem((call) => {
      if (call !== "file.read" || !first) return;
      first = false;
      writeFileSync(join(folder, "f"), "a new and longer content");
    });
    expect(text((await readWholeFile(fs, join(folder, "f"))).bytes)).toBe("a new and longer content");
  });

  it("gives a file that never rests as far as it went", async () => {
    const folder = testFolder({ f: "" });
    const fs = watchedFileSystem((call) => {
      if (call === "file.facts") appendFileSync(join(folder, "f"), "line\n");
    });
    const { bytes } = await readWholeFile(fs, join(folder, "f"));
    expect(readFileSync(join(folder, "f"), "utf8").startsWith(text(bytes))).toBe(true);
    expect(bytes.length).toBeGreaterThan(0);
  });

  it("gives what is left of a file that shrinks", async () => {
    const folder = testFolder({ f: "a longer content" });
    let first = true;
    const fs = watchedFileSystem((call) => {
      if (call !== "file.read" || !first) return;
      first = false;
      writeFileSync(join(folder, "f"), "short");
    });
    expect(text((await readWholeFile(fs, join(folder, "f"))).bytes)).toBe("short");
  });
});

describe("contentEquals", () => {
  it.each([
    ["the same", "abc", "abc", true],
    ["another", "abc", "abd", false],
    ["shorter", "abc", "ab", false],
    ["longer", "abc", "abcd", false],
    ["both empty", "", "", true],
    ["none expected", "abc", null, false],
  ])("%s", async (_, content, expected, result) => {
    const folder = testFolder({ f: content });
    expect(await contentEquals(nodeFileSystem, join(folder, "f"), expected === null ? null : Buffer.from(expected))).toBe(result);
  });

  it("knows a missing file, and a difference in a later chunk", async () => {
    const content = Buffer.alloc((4 << 20) + 10, "x");
    const folder = testFolder({ f: content });
    expect(await contentEquals(nodeFileSystem, join(folder, "g"), null)).toBe(true);
    expect(await contentEquals(nodeFileSystem, join(folder, "g"), new Uint8Array())).toBe(false);
    expect(await contentEquals(nodeFileSystem, join(folder, "f"), content)).toBe(true);
    content[content.length - 1] = 0x79;
    expect(await contentEquals(nodeFileSystem, join(folder, "f"), content)).toBe(false);
  });
});

describe("readHead", () => {
  it("reads no more than asked, and no more than there is", async () => {
    const folder = testFolder({ f: "0123456789" });
    expect(text((await readHead(nodeFileSystem, join(folder, "f"), 4)).bytes)).toBe("0123");
    expect(text((await readHead(nodeFileSystem, join(folder, "f"), 40)).bytes)).toBe("0123456789");
    expect(await codeOf(readHead(nodeFileSystem, folder, 4))).toBe("isFolder");
    expect(await codeOf(readHead(nodeFileSystem, join(folder, "g"), 4))).toBe("notFound");
  });
});
