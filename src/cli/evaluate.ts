import { newUuid } from "../engine/ports/newUuid.ts";
import { nowRfc3339 } from "../engine/ports/nowRfc3339.ts";
import { compileStruct } from "../record/codec.ts";
import { encodePretty } from "../record/encode.ts";
import { evaluateRunAgainstFixture } from "../record/evaluateRunAgainstFixture.ts";
import { readReplayFixture } from "../record/readStrictly.ts";
import { replayFixtureFromRun } from "../record/replayFixtureFromRun.ts";
import { ReplayEvalReport } from "../record/schema/fixture.ts";
import type { ReplayFixture, RunRecord } from "../record/types.ts";
import { oneLine, plural } from "../view/plainText.ts";
import { EXIT } from "./CliHost.ts";
import type { CliHost, ExitCode } from "./CliHost.ts";
import { CommandFault } from "./CommandFault.ts";
import { readFile } from "./files.ts";
import type { Options } from "./parseOptions.ts";
import { readNamedRecord } from "./readNamedRecord.ts";
import { refusalText } from "./refusalText.ts";

/** `eval`: what of a fixture the run does not fulfil. */
export async function evaluate(options: Options, host: CliHost): Promise<ExitCode> {
  const [file = ""] = options.files;
  const run = await readNamedRecord(file, options.fidelity, host);
  const report = evaluateRunAgainstFixture(run, await fixtureFor(run, options, host));
  if (options.json) {
    await host.print(encodePretty(compileStruct(ReplayEvalReport), report, { fidelity: "runtime" }));
    await host.print("\n");
  } else if (report.pass) {
    await host.print(`pass (${plural(Number(report.stage_count), "stage")})\n`);
  } else {
    await host.print(report.failures.map((failure) => `fail: ${oneLine(failure, 400)}\n`).join(""));
  }
  return report.pass ? EXIT.ok : EXIT.found;
}

/**
 * The fixture given, else the record's own, else the one the runtime would make of the run (which it fulfils unless a node was visited
 * twice).
 */
async function fixtureFor(run: RunRecord, options: Options, host: CliHost): Promise<ReplayFixture> {
  if (options.fixture === null) {
    if (run.replay_fixture !== null) return run.replay_fixture;
    host.warn("The record has no replay fixture; it is held against one made from itself.");
    return replayFixtureFromRun(run, { now: () => nowRfc3339(), newUuid });
  }
  const bytes = await readFile(host.cwd, options.fixture);
  const fixture = readReplayFixture(bytes);
  if (!fixture.ok) throw new CommandFault(refusalText(options.fixture, bytes, fixture));
  return fixture.value;
}
