import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { answerText } from "../../src/cli/JobAnswer.ts";
import { runJob } from "../../src/cli/runJob.ts";
import { difference, jobOf, PACKS, readPack, writeCaseFiles } from "./oracleCase.ts";
import type { Answer } from "./oracleCase.ts";

const sqlWasm = join(import.meta.dirname, "../../node_modules/sql.js/dist/sql-wasm.wasm");

/** The record core, called in this process, against what the runtime answered. */
const root = realpathSync(mkdtempSync(join(tmpdir(), "run-record-oracle-")));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.each(PACKS)("%s", (pack) => {
  const cases = readPack(pack);

  it.each(cases.map((oracleCase, index) => ({ name: oracleCase.name, about: oracleCase.about, oracleCase, index })))(
    "$name: $about",
    async ({ oracleCase, index }) => {
      const cwd = join(root, pack, String(index));
      writeCaseFiles(cwd, oracleCase);
      const answer = await runJob(jobOf(oracleCase, cwd), { env: {}, allowOutside: false, fidelity: "runtime", sqlWasm });
      expect(difference(oracleCase, JSON.parse(answerText(answer)) as Answer, cwd)).toBeNull();
      rmSync(cwd, { recursive: true });
    },
  );
});
