import { prepareNormalize } from "../record/prepareSave.ts";
import { sameBytes } from "../engine/sameBytes.ts";
import { EXIT } from "./CliHost.ts";
import type { CliHost, ExitCode } from "./CliHost.ts";
import { changesOf, changesText } from "./changeList.ts";
import { CommandFault } from "./CommandFault.ts";
import { asGiven, portsForStoredPath, readFile, writeFile } from "./files.ts";
import type { Options } from "./parseOptions.ts";
import { mergingQuestions, withNamedLog } from "./namedLog.ts";
import { refusalText } from "./refusalText.ts";

/** `normalize`: prints the normalised record, tells what would change, or writes the file; nothing is written unless told. */
export async function normalize(options: Options, host: CliHost): Promise<ExitCode> {
  const [file = ""] = options.files;
  if (options.write && options.diff) throw new CommandFault("normalize takes --write or --diff, not both");
  const fidelity = options.fidelity ?? "lossless";
  const before = await readFile(host.cwd, file);
  const ports = await portsForStoredPath(host.cwd, (sentence) => host.warn(sentence));
  const prepared = await withNamedLog(options.log, file, host, (log) =>
    mergingQuestions(before, log, ports, (merging) => prepareNormalize(before, { fidelity, rederive: options.rederive }, merging)),
  );
  if (!prepared.ok) throw new CommandFault(refusalText(file, before, prepared));
  for (const note of prepared.notes) host.warn(note);

  const unchanged = sameBytes(before, prepared.bytes);
  if (options.write && !unchanged) await writeFile(host.cwd, file, prepared.bytes, before);
  const facts = { operation: "normalize", fidelity, targetPath: asGiven(host.cwd, file) } as const;
  if (options.json) {
    const { changes, totals, notes, rederive } = changesOf(before, prepared, facts);
    const written = options.write && !unchanged ? file : null;
    await host.print(`${JSON.stringify({ unchanged, written, changes, totals, notes, rederive }, null, 2)}\n`);
  } else if (options.diff) {
    await host.print(changesText(changesOf(before, prepared, facts), file, before, prepared.bytes));
  } else if (options.write) {
    host.warn(unchanged ? `${file}: nothing to change` : `${file}: normalised`);
  } else {
    await host.print(prepared.bytes);
  }
  return options.diff && !unchanged ? EXIT.found : EXIT.ok;
}
