import { EXIT } from "./CliHost.ts";
import type { CliHost, ExitCode } from "./CliHost.ts";
import { lines } from "./lines.ts";
import type { Line } from "./lines.ts";
import type { Options } from "./parseOptions.ts";
import { runJob } from "./runJob.ts";
import type { JobAnswer, JobOptions } from "./runJob.ts";

/** A job holds a few paths. */
const LONGEST_LINE = 1 << 20;

/** `batch`: jobs in, answers out, one a line and in order. Whatever a line holds, it gets an answer. */
export async function batch(options: Options, host: CliHost): Promise<ExitCode> {
  const jobOptions: JobOptions = { env: host.env, allowOutside: options.allowOutside, fidelity: options.fidelity ?? "runtime" };
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

/** An answer too long for one string is a refusal too. */
function answerText(answer: JobAnswer): string {
  try {
    return JSON.stringify(answer);
  } catch (cause) {
    return JSON.stringify({ ok: false, error: `the answer is too large: ${cause instanceof Error ? cause.message : String(cause)}` });
  }
}
