import { scan } from "../json/scan.ts";
import type { Tape } from "../json/Tape.ts";
import { readRecord } from "../record/readRecord.ts";
import { readTime } from "../view/readTime.ts";
import type { Call } from "./EngineDocument.ts";
import type { EnginePorts } from "./EnginePorts.ts";

/** In what the runtime writes, id and times stand at the beginning. */
const HEAD_BYTES = 64 << 10;
/** A file whose beginning does not tell is read as far as this. */
const FURTHER_BYTES = 16 << 20;

interface Candidate {
  readonly path: string;
  readonly isChild: boolean;
  readonly startedMs: number;
}

/**
 * The newest run record in and below the folders: the one that started last, by its own `started_at`, else its id, else the file's time.
 * A run that another one started counts only where there is no other. Null when there is none at all; files that cannot be read are left
 * out.
 */
export async function latestRecord(folders: readonly string[], ports: EnginePorts, call: Call): Promise<{ path: string } | null> {
  let best: Candidate | null = null;
  for (const path of await ports.findRecords(folders, call.signal)) {
    await call.check();
    const candidate = await candidateAt(path, ports, call);
    if (candidate !== null && (best === null || isNewer(candidate, best))) best = candidate;
  }
  return best === null ? null : { path: best.path };
}

function isNewer(a: Candidate, b: Candidate): boolean {
  return a.isChild === b.isChild ? a.startedMs > b.startedMs : b.isChild;
}

async function candidateAt(path: string, ports: EnginePorts, call: Call): Promise<Candidate | null> {
  try {
    const head = await ports.readHead(path, HEAD_BYTES, call.signal);
    const near = candidateIn(scan(head.bytes), path, head.changedMs);
    if (near.complete || head.bytes.length === head.size) return near.candidate;
    const further = await ports.readHead(path, FURTHER_BYTES, call.signal);
    return candidateIn(scan(further.bytes), path, head.changedMs).candidate;
  } catch (cause) {
    ports.log("warn", `Left out when looking for the latest run: ${cause instanceof Error ? cause.message : String(cause)}`);
    return null;
  }
}

/** `complete`: the text read tells all that is wanted. */
function candidateIn(tape: Tape, path: string, changedMs: number): { complete: boolean; candidate: Candidate | null } {
  const { state, record } = readRecord(tape);
  if (state !== "record" && state !== "broken") return { complete: tape.error === undefined, candidate: null };
  const startedMs = readTime(record.started_at) ?? readTime(record.id);
  const isChild = (record.parent_run_id ?? "") !== "";
  return { complete: startedMs !== null, candidate: { path, isChild, startedMs: startedMs ?? changedMs } };
}
