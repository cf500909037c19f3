import { publishActionGraphEvent } from "../eventlog/publishActionGraphEvent.ts";
import { ACTION_GRAPH_TOPIC } from "../eventlog/topics.ts";
import { scan } from "../json/scan.ts";
import type { EngineAnswers } from "../protocol/engine.ts";
import { readRecord } from "../record/readRecord.ts";
import type { RecordReading } from "../record/readRecord.ts";
import type { FoundLog } from "./around/FoundLog.ts";
import { toEngineError } from "./EngineFault.ts";
import type { EnginePorts } from "./EnginePorts.ts";
import { quoted } from "./quoted.ts";

/**
 * Appends the action graph of a record that was just saved to the active event log, as the runtime does on every save (event log format,
 * action graph topic). Never rejects: what keeps it from being published is answered as a sentence.
 *
 * @param targetPath where the record was saved
 * @param saved what was saved there; null: it is read from there
 */
export async function publishRun(
  targetPath: string,
  saved: Pick<RecordReading, "state" | "record"> | null,
  ports: Pick<EnginePorts, "readFile">,
  log: FoundLog | null,
): Promise<EngineAnswers["publish"]> {
  const view = log?.view ?? null;
  if (log === null || view === null) {
    const why = log === null || log.state === "off" || log.state === "absent" ? "no event log is active" : "the event log is not open";
    return notPublished(`${why}. ${log?.note ?? ""}`.trim());
  }
  const name = quoted(log.shown ?? log.path ?? "");
  try {
    const { state, record } = saved ?? readRecord(scan(await ports.readFile(targetPath, new AbortController().signal)));
    if (state !== "record") return notPublished(`what was saved at ${quoted(targetPath)} is no run record any more.`);
    const appended = await publishActionGraphEvent(view.log, record, record.persisted_path ?? targetPath);
    if (!appended.ok) return notPublished(`the event log ${name} did not take it: ${sentence(appended.message)}`);
    return { published: true, message: `Published the action graph to ${name}: event ${appended.id} of ${ACTION_GRAPH_TOPIC}.` };
  } catch (cause) {
    return notPublished(toEngineError(cause).message);
  }
}

function notPublished(why: string): EngineAnswers["publish"] {
  return { published: false, message: `The record was saved, but its action graph was not published: ${sentence(why)}` };
}

function sentence(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
