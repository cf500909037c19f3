import { describe, expect, it } from "vitest";
import { FileEventLog } from "../../../src/eventlog/FileEventLog.ts";
import { RECORD_HASH_HEADER, verifyChain } from "../../../src/eventlog/provenance.ts";
import { line, memoryLog, MemoryFiles, sha256, textOf, utf8 } from "./support.ts";

const three = line({ id: 1 }) + line({ id: 2 }) + line({ id: 3 });

describe("readRange", () => {
  const log = memoryLog({ "t.jsonl": three, "bad.jsonl": `${three}{oops\n` });
  const ids = async (topic: string, from: bigint, limit: number): Promise<string> => {
    const read = await log.readRange(topic, from, limit);
    return read.ok ? read.events.map(({ id }) => id).join() : read.message;
  };

  it.each([
    ["t", 0n, 10, "1,2,3"],
    ["t", 1n, 1, "2"],
    ["t", 3n, 10, ""],
    ["t", 0n, 0, "1"],
    ["t", 3n, 0, ""],
    ["absent", 0n, 10, ""],
  ])("%s from %s, at most %s", async (topic, from, limit, expected) => expect(await ids(topic, from, limit)).toBe(expected));

  it("fails at a bad line even behind the limit, and at a name that is none", async () => {
    expect(await ids("bad", 0n, 1)).toMatch(/^event log parse error: line 4/);
    expect(await ids("../t", 0n, 1)).toBe("topic '../t' contains unsupported characters");
  });

  it("reads a file anew only when it has changed", async () => {
    const files = new MemoryFiles().put("t.jsonl", three);
    const own = new FileEventLog(files);
    await own.readRange("t", 0n, 1);
    await own.readRange("t", 1n, 1);
    expect(files.reads).toBe(1);
    files.put("t.jsonl", three + line({ id: 4 }));
    expect(await own.readRange("t", 3n, 9)).toMatchObject({ ok: true, events: [{ id: 4n }] });
    expect(files.reads).toBe(2);
  });

  it("answers a failing disk in the runtime's words", async () => {
    const files = new MemoryFiles();
    files.stampOf = () => Promise.resolve({ ok: false, step: "open", reason: "no" });
    expect(await new FileEventLog(files).readRange("t", 0n, 1)).toEqual({ ok: false, message: "event log open error: no" });
  });
});

describe("topics", () => {
  it("are the stems of the files, sorted by bytes", async () => {
    const log = memoryLog({ "b.jsonl": "", "B.jsonl": "", "a.b.jsonl": "", "x.json": "", ".jsonl": "" });
    expect(await log.topics()).toEqual({ ok: true, topics: ["B", "a.b", "b"] });
  });

  it("fail as a whole at a stem that names no topic", async () => {
    expect(await memoryLog({ "a.jsonl": "", "a b.jsonl": "" }).topics()).toEqual({
      ok: false,
      message: "topic 'a b' contains unsupported characters",
    });
  });
});

describe("append", () => {
  const event = { kind: "k", payload: utf8("{}"), headers: new Map([["run_id", "r"]]) };

  it("numbers on from the last line and chains the hashes", async () => {
    const files = new MemoryFiles();
    const log = new FileEventLog(files);
    const answers = await Promise.all([log.append("t", event), log.append("t", event), log.append("t", event)]);
    expect(answers).toEqual([1n, 2n, 3n].map((id) => ({ ok: true, id })));
    const read = await log.readRange("t", 0n, 9);
    expect(verifyChain("t", read.ok ? read.events : [], sha256).map(({ state }) => state)).toEqual(["start", "linked", "linked"]);
    expect(textOf(files.files.get("t.jsonl") ?? new Uint8Array())).toMatch(
      /^\{"id":1,"event":\{"kind":"k","payload":\{\},"headers":\{"harn/,
    );
  });

  it("goes by the last line, not by the largest id", async () => {
    const log = memoryLog({ "t.jsonl": line({ id: 9 }) + line({ id: 3 }) });
    expect(await log.append("t", event)).toEqual({ ok: true, id: 4n });
  });

  it.each([
    ["a topic with a bad line", `{oops\n`, /^event log parse error/],
    ["a fragment at the end", `${line({})}{"id":2`, /has no end/],
    ["an event at the end without its newline", line({}).trimEnd(), /has no end/],
  ])("leaves %s alone", async (_what, text, message) => {
    const files = new MemoryFiles().put("t.jsonl", text);
    const answer = await new FileEventLog(files).append("t", event);
    expect(answer.ok ? "" : answer.message).toMatch(message);
    expect(textOf(files.files.get("t.jsonl") ?? new Uint8Array())).toBe(text);
  });

  it("says so when the file grew meanwhile, and goes on with the next", async () => {
    const files = new MemoryFiles();
    const log = new FileEventLog(files);
    const append = files.appendTopic.bind(files);
    files.appendTopic = () => Promise.resolve({ ok: false, step: "write", reason: "grew" });
    expect(await log.append("t", event)).toEqual({ ok: false, message: "event log write error: grew" });
    files.appendTopic = append;
    expect(await log.append("t", event)).toEqual({ ok: true, id: 1n });
    await log.close();
  });

  it("gives the first event no predecessor", async () => {
    const log = memoryLog({});
    await log.append("t", event);
    const read = await log.readRange("t", 0n, 1);
    const headers = read.ok ? [...(read.events[0]?.headers.keys() ?? [])] : [];
    expect(headers.sort()).toEqual([RECORD_HASH_HEADER, "harn.provenance.schema", "run_id"].sort());
  });
});
