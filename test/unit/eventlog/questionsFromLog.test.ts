import { describe, expect, it } from "vitest";
import { activeEventLog, questionsFromLog } from "../../../src/eventlog/questionsFromLog.ts";
import { mergeHitlQuestionsFromActiveLog } from "../../../src/record/saveSteps.ts";
import type { RunHitlQuestionRecord, RunRecord } from "../../../src/record/types.ts";
import type { EventGiven } from "./support.ts";
import { line, memoryLog } from "./support.ts";

const payload = { request_id: "q", run_id: "r", agent: "a", trace_id: "t", requested_at: "2", payload: { prompt: "?" } };
const question = { request_id: "q", prompt: "?", agent: "a", trace_id: "t", asked_at: "2" };
const asked = (given: EventGiven): string => line({ kind: "hitl.question_asked", payload, ...given });
const logOf = (...lines: string[]) => memoryLog({ "hitl.questions.jsonl": lines.join("") });

describe("questionsFromLog", () => {
  it.each<[string, EventGiven, RunHitlQuestionRecord[]]>([
    ["a question of the run", {}, [question]],
    ["one that only a header puts to the run", { payload: { ...payload, run_id: undefined }, headers: { run_id: "r" } }, [question]],
    ["one whose header names another run", { headers: { run_id: "x" } }, [question]],
    ["one of another run", { payload: { ...payload, run_id: "x" } }, []],
    ["one of no run", { payload: { ...payload, run_id: undefined } }, []],
    ["another kind", { kind: "hitl.timeout" }, []],
    ["an id from a header", { payload: { ...payload, request_id: 5 }, headers: { request_id: "h" } }, [{ ...question, request_id: "h" }]],
    ["an empty id, whatever the header says", { payload: { ...payload, request_id: "" }, headers: { request_id: "h" } }, []],
    ["no prompt", { payload: { ...payload, payload: {} } }, []],
    ["a prompt that is none", { payload: { ...payload, payload: { prompt: 5 } } }, []],
    [
      "other fields of other types",
      { payload: { ...payload, agent: 1, trace_id: 2, requested_at: null } },
      [{ ...question, agent: "", trace_id: null, asked_at: "" }],
    ],
  ])("takes %s as it should", async (_what, given, expected) => {
    expect(await questionsFromLog(logOf(asked(given)), "r")).toEqual(expected);
  });

  it("gives nothing of a topic that cannot be read", async () => {
    expect(await questionsFromLog(logOf(asked({}), "{oops\n"), "r")).toEqual([]);
  });
});

it("merges into a record: the last of one id wins, then by time and id", async () => {
  const other = (id: string, at: string, prompt = "?"): EventGiven => ({
    payload: { ...payload, request_id: id, requested_at: at, payload: { prompt } },
  });
  const log = logOf(asked(other("b", "2")), asked(other("a", "2")), asked(other("c", "1")), asked(other("c", "1", "later")));
  const stored = [
    { ...question, request_id: "kept", asked_at: "15" },
    { ...question, request_id: "a", prompt: "old" },
  ];
  const run = { id: "r", hitl_questions: stored } as unknown as RunRecord;
  await mergeHitlQuestionsFromActiveLog(run, { activeLog: activeEventLog(log) });
  expect(run.hitl_questions.map(({ request_id: id, prompt }) => `${id} ${prompt}`)).toEqual(["c later", "kept ?", "a ?", "b ?"]);
});
