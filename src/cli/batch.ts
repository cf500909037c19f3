import { EXIT } from "./CliHost.ts";
import type { CliHost, ExitCode } from "./CliHost.ts";
import { lines } from "./lines.ts";
import type { Line } from "./lines.ts";
import type { Options } from "./parseOptions.ts";
import { answerText } from "./JobAnswer.ts";
import type { JobAnswer } from "./JobAnswer.ts";
import { runJob } from "./runJob.ts";
import type { JobOptions } from "./runJob.ts";

/** A job holds a few paths. */
const LONGEST_LINE = 1 << 20;

/** `batch`: jobs in, answers out, one a line and in order. Whatever a line holds, it gets an answer. */
export async function batch(options: Options, host: CliHost): Promise<ExitCode> {
  const jobOptions: JobOptions = {
    env: host.env,
    allowOutside: options.allowOutside,
    fidelity: options.fidelity ?? "runtime",
    sqlWasm: host.sqlWasm,
  };
  for await (const line of lines(host.input, LONGEST_LINE)) {
    await host.print(`${answerText(await answerLine(line, jobOptions))}\n`);
  }
  return EXIT.ok;
}

async function answerLine(line: Line, options: JobOptions): Promise<JobAnswer> {
  if (line === null) return { ok: false, error: "the line is too long for a job" };
  let job: unknown;
  try {
    job = JSON.parse(line);
  } catch {
    return { ok: false, error: line.trim() === "" ? "the line is empty" : "the line is not JSON" };
  }
  return runJob(job, options);
}
