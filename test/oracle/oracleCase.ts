import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";

/** What the runtime answered: a text, the path it returned, or the words of its refusal. Ids, clock and folder stand as placeholders. */
export interface Expectation {
  readonly text?: string;
  readonly path?: string;
  readonly error?: string;
  readonly published?: unknown;
  readonly events?: unknown;
}

/** One line of a pack: what went into the runtime, and what came out. */
export interface OracleCase {
  readonly name: string;
  readonly about: string;
  readonly op: "load" | "normalize" | "save" | "replay" | "diff" | "evaluate";
  readonly args: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly binary?: Readonly<Record<string, string>>;
  readonly log?: { readonly backend: "file" | "sqlite"; readonly at: string };
  readonly expect: Expectation;
}

/** What the command answers to one job. */
export interface Answer {
  readonly ok: boolean;
  readonly text?: string;
  readonly path?: string;
  readonly error?: string;
  readonly published?: unknown;
  readonly events?: unknown;
}

export const PACKS = ["record.jsonl", "extra.jsonl", "samples.jsonl.gz", "fuzz.jsonl.gz", "agent-events.jsonl", "sqlite.jsonl"] as const;

/** The cases of a pack, in order. */
export function readPack(pack: (typeof PACKS)[number]): OracleCase[] {
  const bytes = readFileSync(join(import.meta.dirname, pack));
  const text = (pack.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as OracleCase);
}

/** Puts a case's files into `folder`, which becomes its working directory. */
export function writeCaseFiles(folder: string, { files = {}, binary = {} }: OracleCase): void {
  mkdirSync(folder, { recursive: true });
  const put = (path: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (const [path, text] of Object.entries(files)) put(path, text);
  for (const [path, base64] of Object.entries(binary)) put(path, Buffer.from(base64, "base64"));
}

/** The case as a job for the command, in the runtime's own fidelity. */
export function jobOf(oracleCase: OracleCase, cwd: string): Record<string, unknown> {
  const { args, op, log } = oracleCase;
  return { ...args, op, cwd, fidelity: "runtime", ...(log === undefined ? {} : { log: log.backend, log_dir: log.at }) };
}

const FRESH_ID = /([a-z]+)_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;
const QUOTED_SECONDS = /(\\?")(\d{10})\1/g;
/** "About now", in seconds. */
const NOW_SLACK = 24 * 3600;

/** Replaces what is fresh in every run as the packs have it: ids, the clock, the working folder. */
export function masker(oracleCase: OracleCase, cwd: string, nowSeconds = Date.now() / 1000): (text: string) => string {
  const input = [
    ...Object.values(oracleCase.files ?? {}),
    ...Object.values(oracleCase.binary ?? {}).map((base64) => Buffer.from(base64, "base64").toString("latin1")),
  ];
  const inInput = (part: string): boolean => input.some((text) => text.includes(part));
  const numbers = new Map<string, number>();
  return (text) =>
    text
      .replaceAll(cwd, "{{dir}}")
      .replace(FRESH_ID, (id, prefix: string) => {
        if (inInput(id)) return id;
        const number = numbers.get(id) ?? numbers.size + 1;
        numbers.set(id, number);
        return `{{id:${prefix}:${String(number)}}}`;
      })
      .replace(QUOTED_SECONDS, (whole, quote: string, seconds: string) =>
        Math.abs(Number(seconds) - nowSeconds) > NOW_SLACK || inInput(`"${seconds}"`) ? whole : `${quote}{{now}}${quote}`,
      );
}

/** Null when the answer is what the runtime gave; else what differs, in a few lines. */
export function difference(oracleCase: OracleCase, answer: Answer, cwd: string): string | null {
  const { expect } = oracleCase;
  if (expect.error !== undefined) {
    if (answer.ok) return `the runtime refuses this (${expect.error.slice(0, 300)}), we did not`;
    return (answer.error ?? "").trim() === "" ? "refused without a word" : null;
  }
  if (!answer.ok) return `refused: ${answer.error ?? ""}`;
  const mask = masker(oracleCase, cwd);
  return (
    differenceOf("text", expect.text, answer.text, mask) ??
    differenceOf("path", expect.path, answer.path, mask) ??
    differenceOf("events", readable(expect.events), readable(answer.events), mask) ??
    differenceOf("published", readable(withoutClock(expect.published)), readable(withoutClock(answer.published)), mask)
  );
}

function readable(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value, null, 1);
}

/** Published events without what depends on the clock: their time, and the hashes over it. */
function withoutClock(published: unknown): unknown {
  return (
    JSON.parse(
      JSON.stringify(published ?? null, (key, value: unknown) => (key === "occurred_at_ms" || key.startsWith("harn.") ? undefined : value)),
    ) ?? undefined
  );
}

function differenceOf(
  what: string,
  expected: string | undefined,
  actual: string | undefined,
  mask: (text: string) => string,
): string | null {
  const masked = actual === undefined ? undefined : mask(actual);
  if (masked === expected) return null;
  if (masked === undefined || expected === undefined) return `${what}: ${masked === undefined ? "missing" : "not expected"}`;
  const ours = masked.split("\n");
  const theirs = expected.split("\n");
  const line = theirs.findIndex((text, index) => text !== ours[index]);
  const at = line === -1 ? theirs.length : line;
  const before = theirs.slice(Math.max(0, at - 3), at).map((text) => `    ${text}`);
  return [`${what}, line ${String(at + 1)}:`, ...before, `  - ${theirs[at] ?? "(end)"}`, `  + ${ours[at] ?? "(end)"}`].join("\n");
}
