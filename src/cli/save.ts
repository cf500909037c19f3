import { resolve } from "node:path";
import type { FoundLog } from "../engine/around/FoundLog.ts";
import { findBaseFolder } from "../engine/ports/findBaseFolder.ts";
import { quoted } from "../engine/quoted.ts";
import { sameBytes } from "../engine/sameBytes.ts";
import { publishActionGraphEvent } from "../eventlog/publishActionGraphEvent.ts";
import { ACTION_GRAPH_TOPIC } from "../eventlog/topics.ts";
import { scan } from "../json/scan.ts";
import { prepareSave } from "../record/prepareSave.ts";
import { readRecord } from "../record/readRecord.ts";
import type { RunRecord } from "../record/types.ts";
import { EXIT } from "./CliHost.ts";
import type { CliHost, ExitCode } from "./CliHost.ts";
import { changesOf, changesText } from "./changeList.ts";
import { CommandFault } from "./CommandFault.ts";
import { asGiven, portsForNamedPath, readFile, writeFile } from "./files.ts";
import type { Options } from "./parseOptions.ts";
import { mergingQuestions, withNamedLog } from "./namedLog.ts";
import { refusalText } from "./refusalText.ts";

/** `save`: what the runtime's save makes of the record, written to the file itself or to `--to`. */
export async function save(options: Options, host: CliHost): Promise<ExitCode> {
  const [file = ""] = options.files;
  if (options.publish && options.log === null) throw new CommandFault("save --publish needs a --log to publish to");
  if (options.publish && options.diff) throw new CommandFault("save takes --publish or --diff, not both");
  return withNamedLog(options.log, file, host, (log) => saveWith(log, file, options, host));
}

async function saveWith(log: FoundLog | null, file: string, options: Options, host: CliHost): Promise<ExitCode> {
  const target = options.to ?? file;
  const fidelity = options.fidelity ?? "lossless";
  const before = await readFile(host.cwd, file);
  const { path, folder } = options.to === null ? await ownPath(file, before, host) : { path: target, folder: host.cwd };
  const ports = portsForNamedPath(folder, (sentence) => host.warn(sentence));
  const prepared = await mergingQuestions(before, log, ports, (merging) =>
    prepareSave(before, { fidelity, rederive: options.rederive, path }, merging),
  );
  if (!prepared.ok) throw new CommandFault(refusalText(file, before, prepared));
  for (const note of prepared.notes) host.warn(note);

  const isSame = resolve(host.cwd, file) === resolve(host.cwd, target);
  const unchanged = isSame && sameBytes(before, prepared.bytes);
  const writes = !options.diff && !unchanged;
  if (writes) await writeFile(host.cwd, target, prepared.bytes, isSame ? before : undefined);
  const published = options.publish ? await publish(log, prepared.run, path) : null;
  const facts = { operation: isSame ? "resave" : "resaveAs", fidelity, targetPath: asGiven(host.cwd, target) } as const;
  if (options.json) {
    const { changes, totals, notes, rederive } = changesOf(before, prepared, facts);
    const written = writes ? target : null;
    const told = published === null ? {} : { published: published.ok };
    await host.print(`${JSON.stringify({ unchanged, written, changes, totals, notes, rederive, ...told }, null, 2)}\n`);
  } else if (options.diff) {
    await host.print(changesText(changesOf(before, prepared, facts), file, before, prepared.bytes));
  } else {
    host.warn(unchanged ? `${file}: nothing to change` : `${target}: saved`);
  }
  if (published !== null) host.warn(published.line);
  return options.diff && !sameBytes(before, prepared.bytes) ? EXIT.found : EXIT.ok;
}

interface Published {
  readonly ok: boolean;
  readonly line: string;
}

/** Tells the log of the save, also of one that had nothing to change: the runtime does so on every save. A failure is only said. */
async function publish(log: FoundLog | null, run: RunRecord, path: string): Promise<Published> {
  const view = log?.view ?? null;
  const answer =
    view === null ? { ok: false as const, message: "no event log is active" } : await publishActionGraphEvent(view.log, run, path);
  if (!answer.ok) return { ok: false, line: `not published: ${answer.message}` };
  return { ok: true, line: `published to the event log ${quoted(log?.shown ?? "")}: event ${answer.id} of ${ACTION_GRAPH_TOPIC}` };
}

/**
 * What goes into `persisted_path` when a record is saved to its own file: its own text where that names the file, meant from the record's
 * base folder or from here; else the path as it was given. `folder` is what it is relative to.
 */
async function ownPath(file: string, bytes: Uint8Array, host: CliHost): Promise<{ path: string; folder: string }> {
  const stored = readRecord(scan(bytes)).record.persisted_path ?? "";
  const full = resolve(host.cwd, file);
  for (const folder of [host.cwd, await findBaseFolder(full, null)]) {
    if (stored !== "" && !stored.includes("\0") && resolve(folder, stored) === full) return { path: stored, folder };
  }
  return { path: file, folder: host.cwd };
}
