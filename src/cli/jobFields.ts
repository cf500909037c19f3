import { CommandFault } from "./CommandFault.ts";

/** The arguments of one job as they came in: anything at all. */
export type JobArguments = Readonly<Record<string, unknown>>;

/** A job is a JSON object. */
export function asJob(value: unknown): JobArguments {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new CommandFault("a job is a JSON object with `op` and `cwd`");
  return value as JobArguments;
}

/** A text the job must have. */
export function textOf(job: JobArguments, name: string): string {
  const value = optionalTextOf(job, name);
  if (value === null) throw new CommandFault(`the job lacks \`${name}\``);
  return value;
}

/** A text the job may have; null when it is absent or null. */
export function optionalTextOf(job: JobArguments, name: string): string | null {
  const value = Object.hasOwn(job, name) ? job[name] : undefined;
  if (value === undefined || value === null) return null;
  if (typeof value !== "string") throw new CommandFault(`\`${name}\` must be a string`);
  return value;
}
