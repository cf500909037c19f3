import { describe, expect, it } from "vitest";
import { SessionLog } from "../../../src/editor/SessionLog.ts";
import { EngineRequestError } from "../../../src/engine/EngineClient.ts";
import type { EngineError, LogChoice } from "../../../src/protocol/engine.ts";
import type { SourceNote } from "../../../src/view/tables.ts";

/** A record's log between an engine and settings that are played by hand; `calls` tells what was asked of either. */
function playedLog() {
  const calls: string[] = [];
  const warnings: string[] = [];
  const world = {
    outside: null as string | null,
    choice: { backend: "auto", path: null, allowed: [] } as LogChoice,
    failure: null as EngineError | null,
  };
  const answer = <T>(call: string, value: T): Promise<T> => {
    calls.push(call);
    return world.failure === null ? Promise.resolve(value) : Promise.reject(new EngineRequestError(world.failure));
  };
  const log = new SessionLog({
    choice: () => world.choice,
    setLog: (choice) => answer(`setLog ${choice.backend} ${choice.allowed.join()}`, null),
    outsideLog: () => answer("outsideLog", world.outside === null ? null : { path: world.outside }),
    ask(path, again) {
      calls.push(`ask ${path} ${String(again)}`);
      return Promise.resolve();
    },
    failed: (message) => warnings.push(message),
  });
  return { log, world, calls, warnings };
}

function noteOf(state: SourceNote["state"]): SourceNote {
  return { state, what: "event log", path: null, note: "", offer: null };
}

describe("the event log of an open record", () => {
  it("is asked about when one outside of the workspace was found, and only then", async () => {
    const { log, world, calls } = playedLog();
    for (const state of ["found", "absent", "unreadable", "empty", "off"] as const) await log.found(noteOf(state));
    expect(calls).toEqual([]);
    world.outside = "/other/events.sqlite";
    await log.found(noteOf("outside"));
    expect(calls).toEqual(["outsideLog", "ask /other/events.sqlite false"]);
  });

  it("is asked about again when the user wants it, and says whether there is one", async () => {
    const { log, world, calls } = playedLog();
    expect(await log.ask(true)).toBe(false);
    world.outside = "/other";
    expect(await log.ask(true)).toBe(true);
    expect(calls).toEqual(["outsideLog", "outsideLog", "ask /other true"]);
  });

  it("is looked for anew, and asked about, when the choice is another one", async () => {
    const { log, world, calls } = playedLog();
    world.choice = { backend: "sqlite", path: null, allowed: ["/other"] };
    world.outside = "/third";
    await log.chooseAnew();
    expect(calls).toEqual(["setLog sqlite /other", "outsideLog", "ask /third false"]);
    expect(log.choice).toBe(world.choice);
  });

  it.each(["stale", "cancelled"] as const)("waits in silence for a record that is not open (%s)", async (code) => {
    const { log, world, warnings } = playedLog();
    world.failure = { code, message: "Not open." };
    await log.chooseAnew();
    expect(await log.ask(true)).toBe(false);
    expect(warnings).toEqual([]);
  });

  it("tells what the engine refuses", async () => {
    const { log, world, warnings } = playedLog();
    world.failure = { code: "internal", message: "No." };
    await log.chooseAnew();
    expect(warnings).toEqual(["No."]);
  });
});
