import { describe, expect, it } from "vitest";
import { statusTone, statusWithOutcome } from "../../../src/view/statusTone.ts";

describe("statusTone", () => {
  it.each([
    ["success", ["completed", "success", "OK", "verified", "subagent_completed", "Passed"]],
    ["failure", ["failed", "error", "verification_failed", "provider_error", "timed out", "completed_with_error", "rejected"]],
    ["running", ["running", "in-progress", "active"]],
    ["waiting", ["paused", "waiting", "pending_auth", "awaiting", "awaiting_approval", "waiting for input"]],
    ["warning", ["cancelled", "skipped", "stopped"]],
    ["neutral", ["", "forked", "condition_true", "mapped", "open", "constructor", "__proto__", "x".repeat(5000)]],
  ] as const)("%s", (tone, texts) => {
    expect(texts.map((text) => [text, statusTone(text)])).toEqual(texts.map((text) => [text, tone]));
  });
});

describe("statusWithOutcome", () => {
  it.each([
    ["completed", "success", { text: "completed", tone: "success" }],
    ["completed", "forked", { text: "completed", tone: "success" }],
    ["completed", "verification_failed", { text: "completed · verification_failed", tone: "failure" }],
    ["failed", "failed", { text: "failed", tone: "failure" }],
    ["failed", "provider_error", { text: "failed · provider_error", tone: "failure" }],
    ["completed", "pending_auth", { text: "completed · pending_auth", tone: "waiting" }],
    ["failed", "pending_auth", { text: "failed · pending_auth", tone: "failure" }],
    ["", "ok", { text: "ok", tone: "success" }],
    ["running", "", { text: "running", tone: "running" }],
    ["", "", null],
  ] as const)("%j with %j", (status, outcome, expected) => {
    expect(statusWithOutcome(status, outcome)).toEqual(expected);
  });
});
