import { batch } from "./batch.ts";
import { check } from "./check.ts";
import { EXIT } from "./CliHost.ts";
import type { CliHost, ExitCode } from "./CliHost.ts";
import { CommandFault, faultText } from "./CommandFault.ts";
import { diff } from "./diff.ts";
import { evaluate } from "./evaluate.ts";
import { HELP } from "./help.ts";
import { normalize } from "./normalize.ts";
import { parseOptions } from "./parseOptions.ts";
import type { OptionName, Options } from "./parseOptions.ts";
import { save } from "./save.ts";
import { show } from "./show.ts";

interface Command {
  readonly run: (options: Options, host: CliHost) => Promise<ExitCode>;
  readonly options: readonly OptionName[];
  readonly files: { readonly min: number; readonly max: number };
}

const ONE_FILE = { min: 1, max: 1 };

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ["show", { run: show, options: ["json"], files: ONE_FILE }],
  ["check", { run: check, options: ["json"], files: { min: 1, max: Infinity } }],
  ["normalize", { run: normalize, options: ["json", "write", "diff", "fidelity", "rederive", "log"], files: ONE_FILE }],
  ["save", { run: save, options: ["json", "to", "diff", "fidelity", "rederive", "log", "publish"], files: ONE_FILE }],
  ["diff", { run: diff, options: ["json", "fidelity"], files: { min: 2, max: 2 } }],
  ["eval", { run: evaluate, options: ["json", "fixture", "fidelity"], files: ONE_FILE }],
  ["batch", { run: batch, options: ["json", "fidelity", "allow-outside"], files: { min: 0, max: 0 } }],
]);

/** Runs one command line and answers with its exit code. Never rejects. */
export async function runCommand(args: readonly string[], host: CliHost): Promise<ExitCode> {
  try {
    return await dispatch(args, host);
  } catch (cause) {
    host.warn(`run-record: ${faultText(cause)}`);
    return EXIT.failed;
  }
}

async function dispatch(args: readonly string[], host: CliHost): Promise<ExitCode> {
  const [name, ...rest] = args;
  const ended = rest.indexOf("--");
  const flags = ended === -1 ? rest : rest.slice(0, ended);
  if (name === "--help" || name === "-h" || name === "help" || flags.includes("--help") || flags.includes("-h")) {
    await host.print(HELP);
    return EXIT.ok;
  }
  if (name === "--version") {
    await host.print(`${await host.version()}
`);
    return EXIT.ok;
  }
  const command = COMMANDS.get(name ?? "");
  if (name === undefined || command === undefined) {
    const names = [...COMMANDS.keys()].join(", ");
    throw new CommandFault(`${name === undefined ? "no command given" : `there is no command ${name}`}; there are ${names} (see --help)`);
  }
  return command.run(parseOptions(name, rest, command.options, command.files), host);
}
