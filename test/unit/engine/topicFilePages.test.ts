import { describe, expect, it } from "vitest";
import type { OpenTopic } from "../../../src/engine/ports/topicFilePages.ts";
import { findEvent, readPage, readTail } from "../../../src/engine/ports/topicFilePages.ts";
import { line, utf8 } from "../eventlog/support.ts";

/** A topic in memory whose lines may have 200 bytes. `cut`: bytes that are really there, fewer than its size says. */
function topicOf(text: string, cut = Infinity): OpenTopic {
  const bytes = utf8(text).subarray(0, cut);
  return {
    size: utf8(text).length,
    lineLimit: 200,
    check: () => undefined,
    file: {
      facts: () => Promise.reject(new Error("not asked")),
      close: () => Promise.reject(new Error("not closed here")),
      read(target, position) {
        // Fewer bytes than asked for, as a disk may give.
        const part = bytes.subarray(position, position + Math.min(target.length, 7));
        target.set(part);
        return Promise.resolve(part.length);
      },
    },
  };
}

const START = { offset: 0, line: 1, inLine: false };
const long = line({ id: 2, payload: "x".repeat(300) });

describe("lines above the limit", () => {
  it("are passed over and told", async () => {
    const page = await readPage(topicOf(line({ id: 1 }) + long + line({ id: 3 })), START, 9);
    expect([page.events.map(({ id }) => id), page.faults, page.done]).toEqual([
      [1n, 3n],
      [{ line: 2, id: null, message: expect.stringMatching(/passed over\.$/) as string }],
      true,
    ]);
  });

  it("are unfinished while they have no end", async () => {
    const page = await readPage(topicOf(line({ id: 1 }) + long.trimEnd()), START, 9);
    expect(page.unfinished?.line).toBe(2);
    expect(page.next).toEqual({ offset: line({ id: 1 }).length, line: 2, inLine: false });
  });

  it("end the search from the end", async () => {
    const page = await readTail(topicOf(line({ id: 1 }) + long), 1, 16);
    expect(page).toMatchObject({
      events: [],
      faults: [{ line: null, message: expect.stringContaining("The last line is longer") as string }],
    });
    expect((await readTail(topicOf(long + line({ id: 3 })), 1, 16)).events.map(({ id }) => id)).toEqual([3n]);
  });

  it("hold no event that is looked for", async () => {
    const topic = topicOf(long + line({ id: 3 }));
    expect(await findEvent(topic, 2n, { from: 0, to: topic.size })).toBeNull();
    expect((await findEvent(topic, 3n, { from: 0, to: topic.size }))?.offset).toBe(long.length);
  });
});

describe("a file that is cut off while it is read", () => {
  const text = line({ id: 1 }) + line({ id: 2 });

  it("gives what there was", async () => {
    const page = await readPage(topicOf(text, line({ id: 1 }).length + 5), START, 9);
    expect([page.events.map(({ id }) => id), page.unfinished?.line]).toEqual([[1n], 2]);
    expect((await readTail(topicOf(text, line({ id: 1 }).length), 9)).events.map(({ id }) => id)).toEqual([1n]);
    expect(await findEvent(topicOf(text, 10), 2n, { from: 0, to: text.length })).toBeNull();
  });
});

it("ends at once when it should", async () => {
  const topic: OpenTopic = {
    ...topicOf(line({ id: 1 })),
    check() {
      throw new Error("closed");
    },
  };
  await expect(readPage(topic, START, 1)).rejects.toThrow("closed");
  await expect(readTail(topic, 1)).rejects.toThrow("closed");
  await expect(findEvent(topic, 1n, { from: 0, to: 9 })).rejects.toThrow("closed");
});
