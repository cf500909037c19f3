/**
 * `npm test [-- steps…] [-- file filters…]`: everything a change has to pass, or the named steps only. Words that name no step choose test
 * files of the unit and page suites. The last line is the total, "N passed, N failed"; the exit code is 1 when anything failed or a
 * suite found no test.
 */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { runHostSuite } from "./hostSuite.ts";
import { provideBrowser } from "./browser.ts";
import { run, Stop } from "./processes.ts";
import { makePackage, packageFile } from "./vsix.ts";

/** Numbers of tests or checks. */
interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const stepNames = ["typecheck", "lint", "format", "build", "unit", "package", "host", "page"] as const;
type StepName = (typeof stepNames)[number];

/** What is read of the report vitest writes with `--reporter=json`. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly { readonly status: string }[] }[];
}

const words = process.argv.slice(2).filter((word) => word !== "--");
const chosen = words.filter(isStepName);
const filters = words.filter((word) => !isStepName(word));
const wanted = new Set<StepName>(chosen.length === 0 ? stepNames : chosen);
// The suites in the editor test the package.
if (wanted.has("host") || wanted.has("page")) wanted.add("package");

const total: Count = { passed: 0, failed: 0, skipped: 0 };
let packed = true;
for (const step of stepNames) {
  if (!wanted.has(step)) continue;
  const started = performance.now();
  console.log(`\n── ${step}`);
  let count: Count;
  try {
    count = await perform(step);
  } catch (error) {
    console.error(error instanceof Stop ? error.message : error);
    count = { passed: 0, failed: 1, skipped: 0 };
  }
  if (count.passed + count.failed === 0) {
    console.error(`${step}: no test was found`);
    count.failed = 1;
  }
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
  console.log(`── ${step}: ${inWords(count)} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}
console.log(`\n${inWords(total)}`);
// Set rather than called: what was printed gets out first.
process.exitCode = total.failed > 0 ? 1 : 0;

async function perform(step: StepName): Promise<Count> {
  switch (step) {
    case "typecheck":
      return check(["scripts/run.mjs", "scripts/typecheck.ts"]);
    case "lint":
      return check(["node_modules/eslint/bin/eslint.js", ".", "--max-warnings", "0"]);
    case "format":
      return check(["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."]);
    case "build":
      return check(["scripts/run.mjs", "scripts/build.ts", "--production"]);
    case "unit":
      return vitest("unit", ["--config", "vitest.config.ts", ...filters], {});
    case "package":
      packed = false;
      await makePackage();
      packed = true;
      return { passed: 1, failed: 0, skipped: 0 };
    case "host":
      requirePackage();
      return hostSuite();
    case "page":
      requirePackage();
      await provideBrowser(); // before vitest starts, so that its sentence stands alone
      return vitest("page", ["--config", "test/page/vitest.config.ts", ...filters], { RUN_RECORD_VSIX: packageFile() });
  }
}

/** A program that counts as one check. */
async function check(args: readonly string[]): Promise<Count> {
  const { code } = await run(process.execPath, args, { echo: true });
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

function requirePackage(): void {
  if (!packed) throw new Stop("Not run: there is no package to test.");
}

async function hostSuite(): Promise<Count> {
  const outcomes = await runHostSuite(packageFile());
  const of = (state: string) => outcomes.filter((outcome) => outcome.state === state).length;
  for (const { name } of outcomes.filter(({ state }) => state === "failed")) console.log(`failed: ${name}`);
  return { passed: of("passed"), failed: of("failed"), skipped: of("skipped") };
}

/** Runs vitest and counts by its own report; a run that ends badly without a failed test (a crash, an error outside tests) is a failure too. */
async function vitest(name: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Count> {
  mkdirSync("test-results", { recursive: true });
  const file = `test-results/${name}.json`;
  rmSync(file, { force: true });
  const { code } = await run(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", ...args, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
    { echo: true, env: { ...process.env, ...env } },
  );
  let report: VitestReport;
  try {
    report = JSON.parse(readFileSync(file, "utf8")) as VitestReport;
  } catch {
    console.error(`${name}: vitest left no report (exit code ${String(code)})`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const count: Count = {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  // A file that could not be loaded, or whose hooks failed, has failed without a failed test in it.
  count.failed += report.testResults.filter(
    (result) => result.status === "failed" && !result.assertionResults.some((assertion) => assertion.status === "failed"),
  ).length;
  if (code !== 0 && count.failed === 0) {
    console.error(`${name}: vitest ended with exit code ${String(code)} although no test failed`);
    count.failed = 1;
  }
  return count;
}

function inWords({ passed, failed, skipped }: Count): string {
  return `${String(passed)} passed, ${String(failed)} failed${skipped > 0 ? `, ${String(skipped)} skipped` : ""}`;
}

function isStepName(word: string): word is StepName {
  return (stepNames as readonly string[]).includes(word);
}
