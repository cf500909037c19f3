import { findRecords } from "../engine/ports/findRecords.ts";
import { nodeFileSystem } from "../engine/ports/nodeFileSystem.ts";
import { LineIndex } from "../json/LineIndex.ts";
import { scan } from "../json/scan.ts";
import { readRecord } from "../record/readRecord.ts";
import { openedView } from "../view/openedView.ts";
import { oneLine, plural, visibleText } from "../view/plainText.ts";
import { problemView } from "../view/problemView.ts";
import type { ProblemView } from "../view/types.ts";
import { EXIT } from "./CliHost.ts";
import type { CliHost, ExitCode } from "./CliHost.ts";
import { faultText } from "./CommandFault.ts";
import { asGiven, readFile } from "./files.ts";
import type { Options } from "./parseOptions.ts";

interface Checked {
  readonly file: string;
  readonly problems: readonly ProblemView[];
}

/** `check`: the problems of records, and of all records found in folders. */
export async function check(options: Options, host: CliHost): Promise<ExitCode> {
  let files = 0;
  let problems = 0;
  let unreadable = 0;
  for (const { file, named } of await filesOf(options.files, host)) {
    try {
      const checked = await checkFile(file, named, host);
      if (checked === null) continue;
      files++;
      problems += checked.problems.length;
      await print(checked, options, host);
    } catch (cause) {
      unreadable++;
      host.warn(`${file}: ${faultText(cause)}`);
    }
  }
  if (files === 0 && unreadable === 0) {
    host.warn("No run records found: they lie in .harn-runs folders or are named *.run.json.");
    return EXIT.failed;
  }
  host.warn(`${plural(files, "record")}, ${problems === 0 ? "no problems" : plural(problems, "problem")}`);
  return unreadable > 0 ? EXIT.failed : problems > 0 ? EXIT.found : EXIT.ok;
}

/** Files as given, and those found in given folders; `named`: the user said this very file. */
async function filesOf(paths: readonly string[], host: CliHost): Promise<{ file: string; named: boolean }[]> {
  const found: { file: string; named: boolean }[] = [];
  for (const path of paths) {
    const full = asGiven(host.cwd, path);
    if (!(await isFolder(full))) found.push({ file: path, named: true });
    else {
      const inside = await findRecords(nodeFileSystem, [full]);
      found.push(...inside.map((file) => ({ file: shownPath(file, host.cwd), named: false })));
    }
  }
  return found;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await nodeFileSystem.stat(path)).kind === "folder";
  } catch {
    return false; // reading it tells why
  }
}

/** Short where the file lies below the working folder. */
function shownPath(file: string, cwd: string): string {
  const prefix = cwd.endsWith("/") ? cwd : `${cwd}/`;
  return file.startsWith(prefix) ? file.slice(prefix.length) : file;
}

/** Null for a file that was only met in a folder and is another kind of JSON: flight recordings, fixtures, manifests. */
async function checkFile(file: string, named: boolean, host: CliHost): Promise<Checked | null> {
  const tape = scan(await readFile(host.cwd, file));
  const reading = readRecord(tape);
  const lines = new LineIndex(tape.bytes);
  const problems = reading.problems.map((problem) => problemView(problem, lines, null));
  if (reading.state === "otherJson" && !named) return null;
  if (reading.state === "otherJson" || reading.state === "empty") {
    const message = openedView(reading, null, { fileName: file, revision: 0 }).notice ?? "no run record";
    problems.push({ severity: "error", code: "noRecord", message, path: ".", offset: 0, line: 1, column: 1, rowId: null });
  }
  return { file, problems };
}

async function print({ file, problems }: Checked, options: Options, host: CliHost): Promise<void> {
  const texts = problems.map(({ severity, code, message, path, offset, line, column }) =>
    options.json
      ? `${JSON.stringify({ file, line, column, offset, severity, code, path, message })}\n`
      : `${visibleText(file)}:${line}:${column}: ${severity}: ${path === "." ? "" : `${oneLine(path, 200)}: `}${oneLine(message, 400)} [${code}]\n`,
  );
  if (texts.length > 0) await host.print(texts.join(""));
}
