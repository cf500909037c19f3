/** What lies around a record: the event log, questions and answers, model turns, sessions and files, in the real workbench. */
import { createHash } from "node:crypto";
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { copySamples } from "../../../scripts/samples.ts";
import { useWorkbench } from "../harness/workbench.ts";
import { expectNotification, patience, RecordPage } from "./RecordPage.ts";
import { put, sampleRecord } from "./records.ts";
import { TablePage } from "./TablePage.ts";

const replay = "incident-triage/.harn-runs/incident-4471-replay.json";
const audit = "running/.harn-runs/dependency-audit.json";
const notes = "release-notes/.harn-runs/release-notes-v2.4.0.json";
const inbox = "daemon/.harn-runs/inbox-watch.json";

/**
 * Name and digest of everything in a folder, to see that nothing was written there. A `-shm` is only named: it is where all who have a
 * database open note how far they read.
 */
function digestsBelow(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [
      join(parentPath, name),
      name.endsWith("-shm")
        ? ""
        : createHash("sha256")
            .update(readFileSync(join(parentPath, name)))
            .digest("hex"),
    ]),
  );
}

describe("questions to people", () => {
  const workbench = useWorkbench();

  it("are joined with their answers, and lead to their stage and back", async () => {
    const before = digestsBelow(join(workbench().folder, "incident-triage"));
    const record = await RecordPage.open(workbench(), replay);
    const questions = await TablePage.open(record, "Questions");
    await questions.expectTotal(5);
    await questions.expectSummary("5 asked");
    await questions.row("May I roll back in eu-west only").getByText("eu-west only", { exact: false }).first().waitFor();
    await questions.row("Freeze all deploys").getByText("timed out").waitFor();
    await questions.row("Roll checkout-api back").getByText("approved").first().waitFor();
    await questions.row("Roll checkout-api back").click();
    await expect.poll(() => record.detail().innerText(), { timeout: patience }).toContain("payments-lead");
    await workbench().screenshot("suite-questions");
    await questions.row("Freeze all deploys").click();
    await questions.row("Freeze all deploys").getByRole("button", { name: "Show in tree" }).click();
    await expect.poll(() => record.selectedRow().innerText(), { timeout: patience }).toContain("ask_freeze");
    await record
      .detail()
      .getByRole("button", { name: /Freeze all deploys/ })
      .first()
      .click();
    await questions.grid().locator('[role="row"][aria-selected="true"]').filter({ hasText: "Freeze all deploys" }).waitFor();
    expect(digestsBelow(join(workbench().folder, "incident-triage"))).toEqual(before);
  });

  it("that nobody answered stand at the head of the run", async () => {
    const before = digestsBelow(join(workbench().folder, "running/.harn"));
    const record = await RecordPage.open(workbench(), audit);
    await record.frame.getByRole("button", { name: /Go to question/ }).click();
    const questions = new RegExp("open");
    await record.frame
      .getByRole("grid", { name: "Questions" })
      .locator('[role="row"][aria-selected="true"]')
      .filter({ hasText: questions })
      .waitFor();
    await workbench().screenshot("suite-open-question");
    // Its newest rows are in the write-ahead log only: they were read, and nothing beside the log was touched.
    expect(digestsBelow(join(workbench().folder, "running/.harn"))).toEqual(before);
  });

  it("stand beside what else needs somebody: where the run went wrong first", async () => {
    const record = await RecordPage.open(workbench(), replay);
    await record.frame.getByRole("button", { name: "Go to stage" }).click();
    await expect.poll(() => record.selectedRow().innerText(), { timeout: patience }).toContain("rollback");
    await workbench().screenshot("suite-failure");
  });

  it("tell at the head what set the run going", async () => {
    const record = await RecordPage.open(workbench(), replay);
    await record.expectText("signature verified");
    await record.expectText("replay of");
  });
});

describe("model turns, sessions and files", () => {
  const workbench = useWorkbench();

  it("show each call of a model, and its place in the tree", async () => {
    const record = await RecordPage.open(workbench(), notes);
    const turns = await TablePage.open(record, "Turns");
    await turns.expectSummary("26 turns");
    await turns.rows().nth(2).click();
    await expect.poll(() => record.detail().innerText(), { timeout: patience }).toContain("claude-sonnet-4-6");
    await workbench().screenshot("suite-turns");
    await turns.rows().nth(2).getByRole("button", { name: "Show in tree" }).click();
    await expect.poll(() => record.selectedRow().getAttribute("data-row-id"), { timeout: patience }).toMatch(/^stage:0/);
    await record.row("turn 1").waitFor();
    await workbench().screenshot("suite-tree-turns");
  });

  it("are searched, filtered, sorted and copied", async () => {
    const record = await RecordPage.open(workbench(), notes);
    const turns = await TablePage.open(record, "Turns");
    const all = await turns.total();
    await turns.rows().first().click();
    await workbench().page.keyboard.press("/");
    await workbench().page.keyboard.type("resumable");
    await expect.poll(() => turns.total(), { timeout: patience }).toBeLessThan(all);
    expect(await turns.total()).toBeGreaterThan(0);
    await workbench().page.keyboard.press("Escape");
    await turns.expectTotal(all);
    await turns.grid().getByRole("columnheader", { name: "Cost" }).getByRole("button").click();
    await turns.grid().locator('[aria-sort="ascending"]').waitFor();
    await record.frame.getByRole("button", { name: "Copy rows" }).click();
    await record.frame.getByRole("menuitem", { name: /as text/ }).click();
    await expect
      .poll(() => workbench().page.evaluate(() => navigator.clipboard.readText()), { timeout: patience })
      .toContain("claude-sonnet-4-6");
  });

  it("show the agents' events with tool calls folded, and the chain of hashes", async () => {
    const record = await RecordPage.open(workbench(), notes);
    const sessions = await TablePage.open(record, "Sessions");
    await sessions.expectSummary(/26 tool calls/);
    await sessions.expectSummary(/intact/);
    await sessions.row("read_pull").click();
    await expect.poll(() => record.detail().innerText(), { timeout: patience }).toContain("read_pull");
    await workbench().screenshot("suite-sessions");
  });

  it("show the files around the record, and open them", async () => {
    const record = await RecordPage.open(workbench(), notes);
    const files = await TablePage.open(record, "Files");
    await files.row("migration-guide-v1-format.json").click();
    await workbench().screenshot("suite-files");
    await files.row("migration-guide-v1-format.json").getByRole("button", { name: /^Open/ }).click();
    await workbench().page.locator(".tab.active").filter({ hasText: "migration-guide-v1-format.json" }).waitFor();
  });

  it("show compactions, child runs and tool calls of the record as tables", async () => {
    const record = await RecordPage.open(workbench(), notes);
    const compactions = await TablePage.open(record, "Compactions");
    await compactions.expectTotal(2);
    await compactions.rows().first().click();
    await workbench().screenshot("suite-compactions");
    const children = await TablePage.open(record, "Children");
    await children.expectTotal(3);
    await children.row("benchmark-reader").click();
    await workbench().screenshot("suite-children");
    const tools = await TablePage.open(record, "Tools");
    await tools.expectTotal(20);
    await tools.row("error").click();
    await workbench().screenshot("suite-tools");
    await tools.row("error").getByRole("button", { name: "Show in tree" }).click();
    await expect.poll(() => record.selectedRow().innerText(), { timeout: patience }).toContain("read_pull");
    await record.frame.getByRole("button", { name: "Back to Tools" }).click();
    await tools.grid().locator('[role="row"][aria-selected="true"]').waitFor();
  });

  it("read a log of topic files", async () => {
    const record = await RecordPage.open(workbench(), inbox);
    const daemon = await TablePage.open(record, "Daemon");
    await daemon.expectTotal(9);
    const sessions = await TablePage.open(record, "Sessions");
    await sessions.row("daemon_session").waitFor();
    await workbench().screenshot("suite-daemon");
  });

  it("come back with the view and the row they were left with", async () => {
    const record = await RecordPage.open(workbench(), notes);
    const turns = await TablePage.open(record, "Turns");
    await turns.rows().nth(4).click();
    const selected = await turns.grid().locator('[role="row"][aria-selected="true"]').getAttribute("data-row-id");
    await workbench().openFile("release-notes/docs/release-notes-2.4.0.md");
    await workbench().openFile(notes);
    const again = await RecordPage.shown(workbench());
    await expect
      .poll(
        () => again.frame.getByRole("grid", { name: "Turns" }).locator('[role="row"][aria-selected="true"]').getAttribute("data-row-id"),
        { timeout: patience },
      )
      .toBe(selected);
  });
});

describe("a log that changes", () => {
  const topic = "daemon/.harn/events/topics/hitl.questions.jsonl";
  const sidecar = "daemon/.harn-runs/inbox-watch-llm/llm_transcript.jsonl";
  const workbench = useWorkbench();
  const runId = (): string => String(sampleRecord(inbox)["id"]);
  const line = (id: number, kind: string, payload: Record<string, unknown>): string =>
    `${JSON.stringify({ id, event: { kind, payload, headers: { request_id: "hitl_question_7" }, occurred_at_ms: 1_795_000_000_000 + id * 1000 } })}\n`;

  it("brings new questions, answers and turns by itself", async () => {
    const record = await RecordPage.open(workbench(), inbox);
    await record.frame.getByRole("tab", { name: "Turns" }).waitFor();
    const asked = {
      request_id: "hitl_question_7",
      kind: "question",
      agent: "sorter",
      trace_id: "t",
      run_id: runId(),
      requested_at: "2026-11-18T08:00:00Z",
    };
    put(workbench().folder, topic, line(1, "hitl.question_asked", { ...asked, payload: { prompt: "Archive all of it?" } }));
    const questions = await TablePage.open(record, "Questions");
    await questions.row("Archive all of it?").waitFor();
    appendFileSync(
      join(workbench().folder, topic),
      line(2, "hitl.response_received", {
        request_id: "hitl_question_7",
        answer: "no, keep the invoices",
        reviewer: "mara",
        responded_at: "2026-11-18T08:00:41Z",
      }),
    );
    await questions.row("no, keep the invoices").waitFor();
    const turns = await TablePage.open(record, "Turns");
    const before = await turns.total();
    const lines = readFileSync(join(workbench().folder, sidecar), "utf8").trimEnd().split("\n");
    const answer = JSON.parse(lines.findLast((text) => text.includes('"provider_call_response"')) ?? "{}") as Record<string, unknown>;
    const request = JSON.parse(lines.findLast((text) => text.includes('"provider_call_request"')) ?? "{}") as Record<string, unknown>;
    appendFileSync(
      join(workbench().folder, sidecar),
      `${JSON.stringify({ ...request, call_id: "late" })}\n${JSON.stringify({ ...answer, call_id: "late" })}\n`,
    );
    await turns.expectTotal(before + 1);
  });
});

describe("the questions a log holds", () => {
  const path = "incident-triage/.harn-runs/without-questions.json";
  const workbench = useWorkbench({
    fill: (folder) => {
      copySamples(folder);
      put(folder, path, JSON.stringify({ ...sampleRecord(replay), hitl_questions: [] }, null, 2));
    },
  });

  it("are merged by Normalize, and the preview names the log", async () => {
    const record = await RecordPage.open(workbench(), path);
    await workbench().runCommand("Run Record: Normalize");
    await expect.poll(() => record.preview().innerText(), { timeout: patience }).toContain(".harn/events.sqlite");
    await workbench().screenshot("suite-merge-preview");
    await record.confirm();
    await workbench().runCommand("File: Save");
    await workbench().page.locator(".tab.dirty").waitFor({ state: "detached" });
    const saved = JSON.parse(readFileSync(join(workbench().folder, path), "utf8")) as { hitl_questions: { request_id: string }[] };
    const stored = sampleRecord(replay) as unknown as { hitl_questions: { request_id: string }[] };
    expect(saved.hitl_questions.map((question) => question.request_id)).toEqual(
      stored.hitl_questions.map((question) => question.request_id),
    );
  });
});

describe("a log that cannot be used", () => {
  const workbench = useWorkbench({
    fill: (folder) => {
      copySamples(folder);
      for (const name of ["broken", "foreign", "none", "linked"]) {
        cpSync(join(folder, "incident-triage"), join(folder, name), { recursive: true });
      }
      writeFileSync(join(folder, "broken/.harn/events.sqlite"), "SQLite format 3\0 and then something else entirely".repeat(200));
      rmSync(join(folder, "none/.harn"), { recursive: true });
      writeFileSync(join(folder, "foreign/.harn/events.sqlite"), "this is no database");
      const outside = join(dirname(folder), "elsewhere");
      mkdirSync(outside, { recursive: true });
      renameSync(join(folder, "linked/.harn/events.sqlite"), join(outside, "events.sqlite"));
      symlinkSync(join(outside, "events.sqlite"), join(folder, "linked/.harn/events.sqlite"));
    },
  });
  const run = (name: string): string => `${name}/.harn-runs/incident-4471-replay.json`;

  it("is said to be unreadable, and the record is shown all the same", async () => {
    for (const name of ["broken", "foreign"]) {
      const before = digestsBelow(join(workbench().folder, name));
      const record = await RecordPage.open(workbench(), run(name));
      await record.expectText("event log");
      await expect.poll(() => record.frame.locator(".foot").innerText(), { timeout: patience }).toMatch(/unreadable|cannot be read/i);
      await TablePage.open(record, "Turns");
      expect(digestsBelow(join(workbench().folder, name))).toEqual(before);
    }
    await workbench().screenshot("suite-log-unreadable");
  });

  it("is said to be absent where there is none", async () => {
    const record = await RecordPage.open(workbench(), run("none"));
    await expect.poll(() => record.frame.locator(".foot").innerText(), { timeout: patience }).toMatch(/no event log|not found|absent/i);
  });

  it("is not looked into outside of the workspace until the user allows it", async () => {
    const record = await RecordPage.open(workbench(), run("linked"));
    await expectNotification(workbench(), "outside");
    const questions = await TablePage.open(record, "Questions");
    await questions.expectTotal(2);
    await workbench().page.locator(".notifications-toasts").getByRole("button", { name: "Allow" }).first().click();
    await questions.expectTotal(5);
  });
});

describe("publishing", () => {
  const topic = "daemon/.harn/events/topics/observability.action_graph.jsonl";
  const path = "daemon/.harn-runs/rough.json";
  const workbench = useWorkbench({
    settings: { "runRecord.save.publishActionGraph": true },
    fill: (folder) => {
      copySamples(folder);
      const record = sampleRecord(inbox);
      Reflect.deleteProperty(record, "observability");
      put(folder, path, JSON.stringify(record));
    },
  });

  it("appends the run's action graph to the log once a Resave is written", async () => {
    const before = readFileSync(join(workbench().folder, topic), "utf8");
    const record = await RecordPage.open(workbench(), path);
    await workbench().runCommand("Run Record: Resave");
    await record.confirm();
    await expect
      .poll(() => readFileSync(join(workbench().folder, topic), "utf8").length, { timeout: patience })
      .toBeGreaterThan(before.length);
    const after = readFileSync(join(workbench().folder, topic), "utf8");
    expect(after.startsWith(before)).toBe(true);
    const lines = after.slice(before.length).trimEnd().split("\n");
    expect(lines).toHaveLength(1);
    const { event } = JSON.parse(lines[0] ?? "") as { event: { kind: string; payload: { run_id: string } } };
    expect(event.kind).toBe("action_graph_update");
    expect(event.payload.run_id).toBe(sampleRecord(inbox)["id"]);
    await workbench().page.locator(".tab.dirty").waitFor({ state: "detached" });
  });
});

describe("the setting that turns the log off", () => {
  const workbench = useWorkbench({ settings: { "runRecord.eventLog.backend": "none" } });

  it("leaves the record's own questions", async () => {
    const record = await RecordPage.open(workbench(), replay);
    await expect.poll(() => record.frame.locator(".foot").innerText(), { timeout: patience }).toContain("event log not used");
    const questions = await TablePage.open(record, "Questions");
    await questions.expectTotal(2);
  });
});
