import { parseArgs } from "node:util";
import type { Fidelity } from "../record/encode.ts";
import { CommandFault } from "./CommandFault.ts";

/** The options of all commands; each takes some of them. */
export interface Options {
  readonly files: readonly string[];
  readonly json: boolean;
  readonly write: boolean;
  readonly diff: boolean;
  readonly rederive: boolean;
  readonly allowOutside: boolean;
  readonly to: string | null;
  readonly fixture: string | null;
  /** Path of an event log, or `auto`. */
  readonly log: string | null;
  readonly publish: boolean;
  /** Null: not given. */
  readonly fidelity: Fidelity | null;
}

export type OptionName = "json" | "write" | "diff" | "rederive" | "allow-outside" | "to" | "fixture" | "fidelity" | "log" | "publish";

const TYPES = {
  json: { type: "boolean" },
  write: { type: "boolean" },
  diff: { type: "boolean" },
  rederive: { type: "boolean" },
  "allow-outside": { type: "boolean" },
  to: { type: "string" },
  fixture: { type: "string" },
  fidelity: { type: "string" },
  log: { type: "string" },
  publish: { type: "boolean" },
} as const satisfies Record<OptionName, { type: "boolean" | "string" }>;

/** Reads a command's arguments. Rejects with a sentence: an option it does not take, too few or too many files. */
export function parseOptions(
  command: string,
  args: readonly string[],
  taken: readonly OptionName[],
  files: { readonly min: number; readonly max: number },
): Options {
  const { values, positionals } = parse(args);
  const refused = Object.keys(values).find((name) => !taken.includes(name as OptionName));
  if (refused !== undefined) throw new CommandFault(`${command} takes no --${refused}`);
  if (positionals.length < files.min || positionals.length > files.max) {
    throw new CommandFault(`${command} takes ${countText(files)}, not ${positionals.length}`);
  }
  const { fidelity } = values;
  if (fidelity !== undefined && fidelity !== "runtime" && fidelity !== "lossless") {
    throw new CommandFault("--fidelity is runtime or lossless");
  }
  return {
    files: positionals,
    json: values.json === true,
    write: values.write === true,
    diff: values.diff === true,
    rederive: values.rederive === true,
    allowOutside: values["allow-outside"] === true,
    to: values.to ?? null,
    fixture: values.fixture ?? null,
    fidelity: fidelity ?? null,
    log: values.log ?? null,
    publish: values.publish === true,
  };
}

function parse(args: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof TYPES; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...args], options: TYPES, allowPositionals: true });
  } catch (cause) {
    throw new CommandFault(cause instanceof Error ? cause.message : String(cause));
  }
}

function countText({ min, max }: { readonly min: number; readonly max: number }): string {
  if (max === 0) return "no files";
  if (max === Infinity) return "files or folders";
  return min === 1 ? "one file" : `${min} files`;
}
