import { describe, expect, it } from "vitest";
import type { EventLog } from "../../../src/eventlog/EventLog.ts";
import { AGENT_EVENT_PAGING, QUESTION_PAGING, readTopicRecords } from "../../../src/eventlog/readTopicRecords.ts";
import { line, logEvent, memoryLog } from "./support.ts";

const many = (count: number): string => Array.from({ length: count }, (_, index) => line({ id: index + 1 })).join("");

describe("readTopicRecords", () => {
  it.each([0, 1, 255, 256, 257, 1024, 1025, 2500])("gives all of %i events by both ways of paging", async (count) => {
    const log = memoryLog({ "t.jsonl": many(count) });
    for (const paging of [QUESTION_PAGING, AGENT_EVENT_PAGING]) {
      const read = await readTopicRecords(log, "t", paging);
      expect(read.ok && read.events.map(({ id }) => Number(id))).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    }
  });

  it("comes back to events of a topic file whose ids go back, when it reads until an empty page", async () => {
    const log = memoryLog({ "t.jsonl": line({ id: 9 }) + line({ id: 3 }) });
    const read = await readTopicRecords(log, "t", QUESTION_PAGING);
    expect(read.ok && read.events.map(({ id }) => id)).toEqual([9n, 3n, 9n]);
    const short = await readTopicRecords(log, "t", AGENT_EVENT_PAGING);
    expect(short.ok && short.events.map(({ id }) => id)).toEqual([9n, 3n]);
  });

  it("keeps the pages before a failure, or fails", async () => {
    const log: EventLog = {
      backend: "sqlite",
      readRange: (_topic, from, limit) =>
        Promise.resolve(
          from === 0n
            ? { ok: true, events: Array.from({ length: limit }, (_, index) => logEvent({ id: index + 1 })) }
            : { ok: false, message: "no" },
        ),
      topics: () => Promise.resolve({ ok: true, topics: [] }),
      append: () => Promise.resolve({ ok: false, message: "no" }),
      close: () => Promise.resolve(),
    };
    expect(await readTopicRecords(log, "t", AGENT_EVENT_PAGING)).toEqual({ ok: false, message: "no" });
    const kept = await readTopicRecords(log, "t", QUESTION_PAGING);
    expect(kept.ok && kept.events.length).toBe(256);
  });
});
