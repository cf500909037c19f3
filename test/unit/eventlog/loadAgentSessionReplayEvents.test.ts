import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  loadAgentSessionReplayEvents,
  loadAgentSessionReplayEventsFromLog,
  replayEventsText,
} from "../../../src/eventlog/loadAgentSessionReplayEvents.ts";
import { line, memoryLog, textOf } from "./support.ts";

const event = { type: "agent_message_chunk", session_id: "s", content: "x" };
const headers = { session_id: "s" };
const topic = "observability.agent_events.s.jsonl";
const replay = async (text: string): Promise<unknown> => {
  const read = await loadAgentSessionReplayEventsFromLog(memoryLog({ [topic]: text }), "s");
  return read.ok ? read.events.map(({ event_id: id }) => Number(id)) : read.message;
};

describe("which records are replayed", () => {
  it.each([
    ["an event of the session", { payload: { event }, headers }, [1]],
    ["no session header", { payload: { event } }, []],
    ["another session in the header", { payload: { event }, headers: { session_id: "x" } }, []],
    ["another session in the event", { payload: { event: { ...event, session_id: "x" } }, headers }, []],
    ["no event", { payload: { x: 1 }, headers }, []],
    ["a payload that is no object", { payload: [event], headers }, []],
    [
      "an event that is null",
      { payload: { event: null }, headers },
      expect.stringMatching(/^failed to decode agent event replay record 1: /),
    ],
    ["an event nobody knows", { payload: { event: { ...event, type: "x" } }, headers }, expect.stringContaining("expected one of")],
  ])("%s", async (_what, given, expected) => expect(await replay(line(given))).toEqual(expected));

  it("are none of a topic with a bad line", async () => {
    expect(await replay("{oops\n")).toMatch(
      /^failed to read agent event replay topic observability\.agent_events\.s: event log parse error: line 1/,
    );
  });

  it("are all of a topic of several pages, in the order of the file", async () => {
    const lines = Array.from({ length: 2050 }, (_, index) => line({ id: index + 1, payload: { event }, headers }));
    expect(await replay(lines.join(""))).toEqual(Array.from({ length: 2050 }, (_, index) => index + 1));
  });

  it("are none where no log is active", async () => {
    expect(await loadAgentSessionReplayEvents(null, "s")).toEqual({ ok: true, events: [] });
  });
});

interface ReplayCase {
  readonly name: string;
  readonly op: string;
  readonly args: { readonly session: string };
  readonly files?: Readonly<Record<string, string>>;
  readonly log?: { readonly backend: string; readonly at: string };
  readonly expect: { readonly events?: unknown; readonly error?: string };
}

/** What the runtime itself replayed from topic files. */
describe.each(["agent-events.jsonl", "extra.jsonl", "record.jsonl"])("%s", (pack) => {
  const cases = readFileSync(join(import.meta.dirname, "../../oracle", pack), "utf8")
    .split("\n")
    .filter((text) => text !== "")
    .map((text) => JSON.parse(text) as ReplayCase)
    .filter(({ op, log }) => op === "replay" && log?.backend === "file");

  it("has cases", () => expect(cases.length).toBeGreaterThan(0));

  it.each(cases.map((one) => [one.name, one] as const))("%s", async (_name, one) => {
    const folder = `${one.log?.at ?? ""}/topics/`;
    const files = Object.entries(one.files ?? {}).map(([path, text]) => [path.replace(folder, ""), text] as const);
    const read = await loadAgentSessionReplayEventsFromLog(memoryLog(Object.fromEntries(files)), one.args.session);
    if (one.expect.error !== undefined) expect(read.ok ? "" : read.message).not.toBe("");
    else expect(read.ok && JSON.parse(textOf(replayEventsText(read.events)))).toEqual(one.expect.events);
  });
});
