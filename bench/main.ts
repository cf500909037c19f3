import { jsonBench, jsonPeak } from "./jsonBench.ts";
import { logBench } from "./logBench.ts";

/** Suites by name. Each prints its figures and answers false when one of its limits is missed. */
const SUITES: Readonly<Record<string, (args: readonly string[]) => boolean | Promise<boolean>>> = {
  json: (args) => jsonBench(args.length > 0 ? args.map(Number) : undefined),
  log: (args) => logBench(args.length > 0 ? args.map(Number) : undefined),
};

const [name = "", ...args] = process.argv.slice(2);
if (name === "json-peak") jsonPeak(args[0] ?? "");
else {
  const suite = SUITES[name];
  if (suite === undefined) {
    console.error(`usage: bench <${Object.keys(SUITES).join(" | ")}> [sizes in MB]`);
    process.exitCode = 2;
  } else if (!(await suite(args))) process.exitCode = 1;
}
