import { oneLine } from "./plainText.ts";
import type { StatusTone, StatusView } from "./types.ts";

/** Words met in records of several versions. Status is free text: what is not here goes by its parts, and else stays neutral. */
const WORDS: Readonly<Record<Exclude<StatusTone, "neutral">, string>> = {
  success:
    "completed complete success succeeded successful ok okay done passed pass verified approved accepted answered resolved executed delivered returned",
  failure: "failed failure fail error errored rejected denied timeout timed_out crashed aborted exhausted panicked refused",
  running: "running active in_progress started starting working executing processing resumed",
  waiting: "paused waiting awaiting pending suspended queued needs_answer input_required blocked needs_approval asked open_question",
  warning:
    "cancelled canceled stopped skipped partial partially_completed degraded interrupted abandoned expired stuck missing unavailable",
};

const TONES = new Map<string, StatusTone>(
  Object.entries(WORDS).flatMap(([tone, words]) => words.split(" ").map((word) => [word, tone as StatusTone] as const)),
);

/** A longer text is no status anybody wrote on purpose. */
const WORD_LIMIT = 100;

/** Worst first: a compound such as `completed_with_error` takes the worst of its parts. */
const SEVERITY: readonly StatusTone[] = ["failure", "waiting", "warning", "running", "success"];

/** How a status or outcome text is coloured: by the whole, else by its parts (`verification_failed`, `pending_auth`, `subagent_completed`). */
export function statusTone(text: string): StatusTone {
  if (text.length > WORD_LIMIT) return "neutral";
  const word = text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
  const whole = TONES.get(word);
  if (whole !== undefined) return whole;
  const parts = new Set(word.split("_").map((part) => TONES.get(part)));
  if (parts.has("success") && /(?:^|_)(?:not|un)_/.test(word)) return "warning";
  return SEVERITY.find((tone) => parts.has(tone)) ?? "neutral";
}

/** Most UTF-16 units of a status. */
const STATUS_LIMIT = 60;

/** A status with its tone; null for an empty one. */
export function statusView(text: string): StatusView | null {
  return text.trim() === "" ? null : { text: oneLine(text, STATUS_LIMIT), tone: statusTone(text) };
}

/**
 * Status and outcome as one: the outcome is added where it says something else of weight (`completed` with `verification_failed`), and the
 * worse of the two gives the tone. Null when both are empty.
 */
export function statusWithOutcome(status: string, outcome: string): StatusView | null {
  const first = statusView(status);
  const second = statusView(outcome);
  if (first === null || second === null) return first ?? second;
  if (second.tone === "neutral" || second.tone === "success" || first.text === second.text) return first;
  const text = second.tone === "failure" && outcome === "failed" ? first.text : `${first.text} · ${second.text}`;
  return { text, tone: first.tone === "failure" ? "failure" : second.tone };
}
