import { isAbsolute, resolve } from "node:path";
import type { EventLog } from "../eventlog/EventLog.ts";
import { loadAgentSessionReplayEvents, replayEventsText } from "../eventlog/loadAgentSessionReplayEvents.ts";
import { publishActionGraphEvent } from "../eventlog/publishActionGraphEvent.ts";
import { activeEventLog } from "../eventlog/questionsFromLog.ts";
import { scan } from "../json/scan.ts";
import { compileStruct } from "../record/codec.ts";
import { diffRunRecords } from "../record/diffRunRecords.ts";
import { encodePretty } from "../record/encode.ts";
import type { Fidelity } from "../record/encode.ts";
import { evaluateRunAgainstFixture } from "../record/evaluateRunAgainstFixture.ts";
import type { Path } from "../record/Problem.ts";
import { loadRecordText, prepareNormalize, prepareSave } from "../record/prepareSave.ts";
import { readRecord } from "../record/readRecord.ts";
import { readReplayFixture, readRunRecord } from "../record/readStrictly.ts";
import { RunDiffReport } from "../record/schema/diffReport.ts";
import { ReplayEvalReport } from "../record/schema/fixture.ts";
import type { RecordPorts } from "../record/ports.ts";
import { CommandFault, faultText } from "./CommandFault.ts";
import { defaultRunPath } from "./defaultRunPath.ts";
import { portsForNamedPath, portsForStoredPath, readFile, writeFile } from "./files.ts";
import { asJob, optionalTextOf, textOf } from "./jobFields.ts";
import type { JobArguments } from "./jobFields.ts";
import type { JobAnswer } from "./JobAnswer.ts";
import { jobLog, publishedText } from "./jobLog.ts";
import { refusalText } from "./refusalText.ts";

export interface JobOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `save` without `to` may write outside of the job's working folder. */
  readonly allowOutside: boolean;
  /** Of jobs that do not say. */
  readonly fidelity: Fidelity;
  /** File of sql.js's code. */
  readonly sqlWasm: string;
}

/** Does one job of `batch`. Never rejects: every failure is an answer. */
export async function runJob(value: unknown, options: JobOptions): Promise<JobAnswer> {
  try {
    return await answerJob(asJob(value), options);
  } catch (cause) {
    return { ok: false, error: faultText(cause) };
  }
}

async function answerJob(job: JobArguments, options: JobOptions): Promise<JobAnswer> {
  const op = textOf(job, "op");
  const cwd = textOf(job, "cwd");
  if (!isAbsolute(cwd)) throw new CommandFault("`cwd` must be an absolute path");
  const log = jobLog(job, cwd, options.sqlWasm);
  try {
    return await answerWithLog(op, job, cwd, log, options);
  } finally {
    await log?.close();
  }
}

async function answerWithLog(op: string, job: JobArguments, cwd: string, log: EventLog | null, options: JobOptions): Promise<JobAnswer> {
  switch (op) {
    case "load": {
      const path = textOf(job, "path");
      const bytes = await readFile(cwd, path);
      return record(path, bytes, await loadRecordText(bytes, path, portsForNamedPath(cwd, ignored)));
    }
    case "normalize": {
      const path = textOf(job, "path");
      const bytes = await readFile(cwd, path);
      return record(
        path,
        bytes,
        await prepareNormalize(bytes, choices(job, options), withLog(await portsForStoredPath(cwd, ignored), log)),
      );
    }
    case "save":
      return save(job, cwd, log, options);
    case "diff": {
      const left = await decoded(cwd, textOf(job, "left"), readRunRecord);
      const right = await decoded(cwd, textOf(job, "right"), readRunRecord);
      const report = await diffRunRecords(left, right, await portsForStoredPath(cwd, ignored));
      return { ok: true, text: decode(encodePretty(compileStruct(RunDiffReport), report, { fidelity: "runtime" })) };
    }
    case "evaluate": {
      const run = await decoded(cwd, textOf(job, "path"), readRunRecord);
      const fixture = await decoded(cwd, textOf(job, "fixture"), readReplayFixture);
      const report = evaluateRunAgainstFixture(run, fixture);
      return { ok: true, text: decode(encodePretty(compileStruct(ReplayEvalReport), report, { fidelity: "runtime" })) };
    }
    case "replay":
      return replay(job, log);
    default:
      throw new CommandFault(`there is no job \`${op.slice(0, 100)}\`; there are load, normalize, save, diff, evaluate and replay`);
  }
}

/** The questions of the active log are merged into the record. */
function withLog(ports: RecordPorts, log: EventLog | null): RecordPorts {
  return log === null ? ports : { ...ports, activeLog: activeEventLog(log) };
}

async function replay(job: JobArguments, log: EventLog | null): Promise<JobAnswer> {
  const replayed = await loadAgentSessionReplayEvents(log, textOf(job, "session"));
  return replayed.ok ? { ok: true, events: replayEventsText(replayed.events) } : { ok: false, error: replayed.message };
}

async function save(job: JobArguments, cwd: string, log: EventLog | null, options: JobOptions): Promise<JobAnswer> {
  const source = textOf(job, "path");
  const bytes = await readFile(cwd, source);
  const target = optionalTextOf(job, "to") ?? (await defaultRunPath(cwd, readRecord(scan(bytes)).record.id, options));
  const prepared = await prepareSave(bytes, { ...choices(job, options), path: target }, withLog(portsForNamedPath(cwd, ignored), log));
  const answer = record(source, bytes, prepared);
  if (!prepared.ok || !answer.ok) return answer;
  // Saved over itself, the file must still hold what was read; any other target is the job's to replace.
  await writeFile(cwd, target, prepared.bytes, resolve(cwd, source) === resolve(cwd, target) ? bytes : undefined);
  if (log === null) return { ...answer, path: target };
  // A failed publish never fails the save: what the topic then holds is answered.
  await publishActionGraphEvent(log, prepared.run, target);
  return { ...answer, path: target, published: await publishedText(log) };
}

function choices(job: JobArguments, options: JobOptions): { fidelity: Fidelity; rederive: boolean } {
  const fidelity = optionalTextOf(job, "fidelity") ?? options.fidelity;
  if (fidelity !== "runtime" && fidelity !== "lossless") throw new CommandFault('`fidelity` is "runtime" or "lossless"');
  return { fidelity, rederive: false };
}

type Outcome = { readonly ok: true; readonly bytes: Uint8Array } | Refusal;
type Refusal = { readonly ok: false; readonly message: string; readonly path: Path; readonly offset: number };

function record(path: string, bytes: Uint8Array, outcome: Outcome): JobAnswer {
  return outcome.ok ? { ok: true, text: decode(outcome.bytes) } : { ok: false, error: refusalText(path, bytes, outcome) };
}

async function decoded<T>(
  cwd: string,
  path: string,
  read: (bytes: Uint8Array) => { readonly ok: true; readonly value: T } | Refusal,
): Promise<T> {
  const bytes = await readFile(cwd, path);
  const outcome = read(bytes);
  if (!outcome.ok) throw new CommandFault(refusalText(path, bytes, outcome));
  return outcome.value;
}

/** Notes go to people; a job's answer is for programs. */
function ignored(): void {
  // Nothing.
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
