import { scan } from "../json/scan.ts";
import type { Fidelity } from "../record/encode.ts";
import { readRecord } from "../record/readRecord.ts";
import { readRunRecord } from "../record/readStrictly.ts";
import type { RunRecord } from "../record/types.ts";
import type { CliHost } from "./CliHost.ts";
import { CommandFault } from "./CommandFault.ts";
import { readFile } from "./files.ts";
import { refusalText } from "./refusalText.ts";

/**
 * A record to compare or evaluate. What the runtime would refuse is taken as far as it can be read, with a warning, unless the runtime's
 * own strictness is asked for; what is no record at all is refused in any case.
 */
export async function readNamedRecord(path: string, fidelity: Fidelity | null, host: CliHost): Promise<RunRecord> {
  const bytes = await readFile(host.cwd, path);
  const strict = readRunRecord(bytes);
  if (strict.ok) return strict.value;
  const refusal = refusalText(path, bytes, strict);
  const { state, record } = readRecord(scan(bytes));
  if (fidelity === "runtime" || state !== "record") throw new CommandFault(refusal);
  host.warn(`${refusal}; the rest of the record is used`);
  return record;
}
