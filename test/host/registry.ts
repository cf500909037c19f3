import { appendFileSync, renameSync, writeFileSync } from "node:fs";

/**
 * A small test registry for tests that run inside the extension host, where no test runner fits: `describe`, `it`, `beforeEach`,
 * `afterEach`, and `run`, which VS Code calls. Outcomes go to the file that the environment names, line by line as they come.
 */
type Body = () => void | Promise<void>;

/** One finished test; `error` holds message and stack when it failed. */
export interface Outcome {
  readonly name: string;
  readonly state: "passed" | "failed" | "skipped";
  readonly milliseconds: number;
  readonly error?: string;
}

/** A line of the progress file. */
export type Sign = Outcome | { readonly starts: string } | { readonly expectsLogged: string };

/** A test that takes longer than this has failed, in milliseconds. */
const defaultTimeout = 60_000;
/** The environment variable with the path of the file the outcomes go to: JSON lines while running at `<path>.progress`, all of them in one array at the end. */
export const resultsVariable = "RUN_RECORD_HOST_RESULTS";

interface Group {
  readonly name: string;
  readonly before: Body[];
  readonly after: Body[];
}
interface Test {
  readonly name: string;
  readonly groups: readonly Group[];
  readonly body: Body;
  readonly timeout: number;
  readonly skip: boolean;
}

const tests: Test[] = [];
let open: Group[] = [];

/** Names a group of tests; groups nest. */
export function describe(name: string, body: () => void): void {
  const outer = open;
  open = [...outer, { name, before: [], after: [] }];
  body();
  open = outer;
}

/** Registers a test. It fails when its body throws, rejects, or is not done after `timeout` milliseconds. */
export function it(name: string, body: Body, timeout = defaultTimeout): void {
  register(name, body, timeout, false);
}
/** Registers a test that is counted as skipped: say why in its name. */
it.skip = (name: string, body: Body): void => register(name, body, defaultTimeout, true);

function register(name: string, body: Body, timeout: number, skip: boolean): void {
  tests.push({ name: [...open.map((group) => group.name), name].join(" › "), groups: open, body, timeout, skip });
}

/**
 * Errors in the extension's logs whose text contains this are no failure of the suite: for tests that provoke them. All other logged
 * errors are.
 */
export function expectLogged(text: string): void {
  report({ expectsLogged: text });
}

/** Runs before every test of the group it stands in, outer groups first. */
export function beforeEach(body: Body): void {
  innermost().before.push(body);
}

/** Runs after every test of the group it stands in, inner groups first, also when the test failed. */
export function afterEach(body: Body): void {
  innermost().after.push(body);
}

function innermost(): Group {
  const group = open.at(-1);
  if (group === undefined) throw new Error("beforeEach and afterEach stand inside describe");
  return group;
}

/** Runs all registered tests, in order. Rejects when one failed, which is how desktop VS Code hears of it. */
export async function run(): Promise<void> {
  const results = process.env[resultsVariable];
  const outcomes: Outcome[] = [];
  for (const test of tests) {
    report({ starts: test.name });
    const outcome = await runOne(test);
    outcomes.push(outcome);
    report(outcome);
  }
  if (results !== undefined) {
    // Renamed into place, so that whoever waits for the file never reads half of it.
    writeFileSync(`${results}.part`, JSON.stringify(outcomes));
    renameSync(`${results}.part`, results);
  }
  const failed = outcomes.filter((outcome) => outcome.state === "failed");
  if (tests.length === 0) throw new Error("no test was found");
  if (failed.length > 0) throw new Error(`${String(failed.length)} failed: ${failed.map((outcome) => outcome.name).join("; ")}`);
}

function report(sign: Sign): void {
  const results = process.env[resultsVariable];
  if (results !== undefined) appendFileSync(`${results}.progress`, JSON.stringify(sign) + "\n");
}

async function runOne(test: Test): Promise<Outcome> {
  if (test.skip) return { name: test.name, state: "skipped", milliseconds: 0 };
  const started = performance.now();
  const errors: string[] = [];
  const attempt = async (body: Body) => {
    try {
      await within(body, test.timeout);
    } catch (error) {
      errors.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  };
  for (const before of test.groups.flatMap((group) => group.before)) await attempt(before);
  if (errors.length === 0) await attempt(test.body);
  for (const after of [...test.groups].reverse().flatMap((group) => group.after)) await attempt(after);
  const milliseconds = Math.round(performance.now() - started);
  return errors.length === 0
    ? { name: test.name, state: "passed", milliseconds }
    : { name: test.name, state: "failed", milliseconds, error: errors.join("\n") };
}

async function within(body: Body, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${String(milliseconds)} ms`)), milliseconds);
  });
  try {
    await Promise.race([body(), late]);
  } finally {
    clearTimeout(timer);
  }
}
