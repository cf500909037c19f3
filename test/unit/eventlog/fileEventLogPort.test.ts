import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fileEventLogPort } from "../../../src/engine/ports/fileEventLogPort.ts";
import { FileEventLog } from "../../../src/eventlog/FileEventLog.ts";
import { line, utf8 } from "./support.ts";

let folder = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "run-record-events-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const event = { kind: "k", payload: utf8("{}"), headers: new Map<string, string>() };

it("finds nothing where there is nothing, and leaves nothing", async () => {
  const log = new FileEventLog(fileEventLogPort(join(folder, "absent")));
  expect(await log.topics()).toEqual({ ok: true, topics: [] });
  expect(await log.readRange("t", 0n, 1)).toEqual({ ok: true, events: [] });
  expect(() => readFileSync(join(folder, "absent"))).toThrow("ENOENT");
});

it("makes the folder and the file, and sees what others add", async () => {
  const log = new FileEventLog(fileEventLogPort(join(folder, "events"), () => 5n));
  expect(await log.append("t", event)).toEqual({ ok: true, id: 1n });
  const path = join(folder, "events", "topics", "t.jsonl");
  expect(readFileSync(path, "utf8")).toMatch(/^\{"id":1,.*"occurred_at_ms":5\}\}\n$/);
  writeFileSync(path, line({ id: 7 }), { flag: "a" });
  expect(await log.append("t", event)).toEqual({ ok: true, id: 8n });
  expect(await log.topics()).toEqual({ ok: true, topics: ["t"] });
  const read = await log.readRange("t", 1n, 9);
  expect(read.ok && read.events.map(({ id }) => id)).toEqual([7n, 8n]);
});

it("takes a folder in a topic's place for no topic's file", async () => {
  mkdirSync(join(folder, "topics", "t.jsonl"), { recursive: true });
  const log = new FileEventLog(fileEventLogPort(folder));
  expect(await log.readRange("t", 0n, 1)).toEqual({ ok: true, events: [] });
  expect(await log.append("t", event)).toMatchObject({ ok: false, message: expect.stringMatching(/^event log write error: /) as string });
});

it("does not append to a file that is not as long as it was read", async () => {
  const port = fileEventLogPort(folder);
  expect(await port.appendTopic("t", utf8("a\n"), 0)).toEqual({ ok: true });
  expect(await port.appendTopic("t", utf8("b\n"), 0)).toMatchObject({ ok: false, step: "write" });
  expect(readFileSync(join(folder, "topics", "t.jsonl"), "utf8")).toBe("a\n");
});
