import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runJob } from "../../src/cli/runJob.ts";
import { difference, jobOf, needsLog, PACKS, readPack, writeCaseFiles } from "./oracleCase.ts";

/** The record core, called in this process, against what the runtime answered. */
const root = realpathSync(mkdtempSync(join(tmpdir(), "run-record-oracle-")));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.each(PACKS)("%s", (pack) => {
  const cases = readPack(pack);
  const covered = cases.filter((oracleCase) => !needsLog(oracleCase));

  it.each(covered.map((oracleCase, index) => ({ name: oracleCase.name, about: oracleCase.about, oracleCase, index })))("$name: $about", async ({ oracleCase, index }) => {
    const cwd = join(root, pack, String(index));
    writeCaseFiles(cwd, oracleCase);
    const answer = await runJob(jobOf(oracleCase, cwd), { env: {}, allowOutside: false, fidelity: "runtime" });
    expect(difference(oracleCase, answer, cwd)).toBeNull();
    rmSync(cwd, { recursive: true });
  });

  const uncovered = cases.length - covered.length;
  if (uncovered > 0) it.skip(`skipped: ${String(uncovered)} cases need an event log`, () => undefined);
});
