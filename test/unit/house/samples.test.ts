import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { assets, stories, unpackAsset } from "../../../scripts/samples.ts";
import { untar } from "../../../scripts/untar.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "run-record-samples-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("samples", () => {
  it.each(stories)("%s has records", (story) => {
    expect(readdirSync(join("samples", story, ".harn-runs")).some((file) => file.endsWith(".json"))).toBe(true);
  });

  it("running keeps its log as it was found: the events that are not in the main file yet stay beside it", () => {
    expect(statSync("samples/running/.harn/events.sqlite").size).toBe(282_624);
    expect(statSync("samples/running/.harn/events.sqlite-wal").size).toBe(341_992);
  });

  it.each(assets)("%s unpacks", (name) => {
    unpackAsset(name, folder);
    const records = readdirSync(join(folder, name, ".harn-runs")).filter((file) => file.endsWith(".json"));
    expect(records.length).toBeGreaterThan(1);
    for (const record of records) expect(statSync(join(folder, name, ".harn-runs", record)).size).toBeGreaterThan(1000);
  });
});

describe("untar", () => {
  it("refuses a name that leads out of the folder", () => {
    const archive = join(folder, "bad.tar.gz");
    writeFileSync(archive, gzipSync(Buffer.concat([header("../outside.txt", 0, "0"), Buffer.alloc(1024)])));
    expect(() => untar(archive, join(folder, "in"))).toThrow("leads out of the folder");
  });

  it("refuses a link", () => {
    const archive = join(folder, "link.tar.gz");
    writeFileSync(archive, gzipSync(Buffer.concat([header("link", 0, "2"), Buffer.alloc(1024)])));
    expect(() => untar(archive, join(folder, "in"))).toThrow("neither a file nor a folder");
  });

  /** A ustar header without its checksum, which `untar` does not ask for. */
  function header(name: string, size: number, type: string): Buffer {
    const block = Buffer.alloc(512);
    block.write(name, 0, "utf8");
    block.write(size.toString(8).padStart(11, "0"), 124, "latin1");
    block.write(type, 156, "latin1");
    block.write("ustar\0", 257, "latin1");
    return block;
  }
});
