import { resolve } from "node:path";
import type { FoundLog } from "../engine/around/FoundLog.ts";
import { questionSource } from "../engine/mergedQuestions.ts";
import { findBaseFolder } from "../engine/ports/findBaseFolder.ts";
import { findLog } from "../engine/ports/findLog.ts";
import type { LogWords } from "../engine/ports/findLog.ts";
import { nodeFileSystem } from "../engine/ports/nodeFileSystem.ts";
import { nodeLogHost } from "../engine/ports/openLog.ts";
import { scan } from "../json/scan.ts";
import { DEFAULT_LOG_CHOICE } from "../protocol/engine.ts";
import { readRecord } from "../record/readRecord.ts";
import type { RecordPorts } from "../record/ports.ts";
import type { Prepared } from "../record/prepareSave.ts";
import type { CliHost } from "./CliHost.ts";
import { CommandFault } from "./CommandFault.ts";

const WORDS: LogWords = { namedBy: "--log", toName: "name it with --log", toReadFiles: "name them with --log" };

/**
 * Does something with the event log that `--log` asks for, which is closed afterwards: the one at that path, wherever it is, or with `auto`
 * the record's own, as the editor finds it; null where no log is asked for. Rejects when a path leads to no log that can be read; that none
 * was found by `auto` is only said.
 */
export async function withNamedLog<T>(
  log: string | null,
  file: string,
  host: CliHost,
  use: (log: FoundLog | null) => Promise<T>,
): Promise<T> {
  if (log === null) return use(null);
  const found = await findNamed(log, resolve(host.cwd, file), host);
  try {
    return await use(found);
  } finally {
    await found.view?.close();
  }
}

async function findNamed(log: string, path: string, host: CliHost): Promise<FoundLog> {
  const place = { path, baseFolder: await findBaseFolder(path, null), workspaceFolder: null };
  const logHost = nodeLogHost(host.sqlWasm);
  if (log === "auto") {
    const found = await findLog(nodeFileSystem, place, DEFAULT_LOG_CHOICE, logHost, WORDS);
    if (found.view === null) host.warn(found.note);
    return found;
  }
  const named = resolve(host.cwd, log);
  const found = await findLog(nodeFileSystem, place, { backend: "auto", path: named, allowed: [await realPathOf(named)] }, logHost, WORDS);
  if (found.view === null) throw new CommandFault(found.note);
  return found;
}

/** Prepares a record with the questions of the log merged into it, and adds a note where the log had a part in them. */
export async function mergingQuestions<R extends { readonly ok: false }>(
  before: Uint8Array,
  log: FoundLog | null,
  ports: RecordPorts,
  prepare: (ports: RecordPorts) => Promise<Prepared | R>,
): Promise<Prepared | R> {
  // What keeps a log from being read was said when it was looked for.
  if ((log?.view ?? null) === null) return prepare(ports);
  const questions = questionSource(log);
  const prepared = await prepare({ ...ports, activeLog: questions.activeLog });
  if (!prepared.ok) return prepared;
  const stored = readRecord(scan(before)).record.hitl_questions;
  return { ...prepared, notes: [...prepared.notes, ...questions.notes(stored, prepared.run.hitl_questions)] };
}

/** The path itself where nothing is there: that is found out by looking for the log. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await nodeFileSystem.realPath(path);
  } catch {
    return path;
  }
}
