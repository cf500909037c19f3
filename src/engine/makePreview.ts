import { scan } from "../json/scan.ts";
import type { Tape } from "../json/Tape.ts";
import type { RecordPlace, SaveChoices } from "../protocol/engine.ts";
import { prepareNormalize, prepareSave } from "../record/prepareSave.ts";
import type { Prepared, PrepareOptions, Refused } from "../record/prepareSave.ts";
import type { RecordPorts } from "../record/ports.ts";
import { pathText } from "../record/Problem.ts";
import { recordChanges, runtimeOnlyChanges } from "../record/recordChanges.ts";
import { previewView } from "../view/previewView.ts";
import type { ChangeSet } from "../view/previewView.ts";
import type { SavePreview } from "../view/types.ts";
import type { FoundLog } from "./around/FoundLog.ts";
import type { DocumentState } from "./DocumentState.ts";
import { EngineFault } from "./EngineFault.ts";
import type { EnginePorts } from "./EnginePorts.ts";
import { questionSource } from "./mergedQuestions.ts";
import { repeatingPorts } from "./repeatingPorts.ts";
import { sameBytes } from "./sameBytes.ts";

/** A preview and the bytes it promises. */
export interface MadePreview {
  readonly preview: SavePreview;
  readonly bytes: Uint8Array;
}

/**
 * Works out what a normalise or a save would write. Rejects with the fault `refused` where the record cannot be saved in the fidelity
 * chosen. `step` is awaited between long steps and rejects when the request was given up.
 */
export async function makePreview(
  state: DocumentState,
  place: RecordPlace,
  choices: SaveChoices,
  ports: EnginePorts,
  log: FoundLog | null,
  step: () => Promise<void>,
): Promise<MadePreview> {
  const notes: string[] = [];
  const note = (sentence: string): void => {
    if (!notes.includes(sentence)) notes.push(sentence);
  };
  const questions = questionSource(log);
  const repeating = repeatingPorts(await ports.recordPorts(place, choices.targetPath, note, questions.activeLog));
  const persistedPath = persistedPathFor(state, place, choices, ports);
  const prepareIn = async (options: PrepareOptions): Promise<Prepared | Refused> => {
    repeating.repeat();
    return prepare(state.bytes, options, persistedPath, repeating.ports);
  };

  const prepared = await prepareIn({ fidelity: choices.fidelity, rederive: choices.rederive });
  if (!prepared.ok) throw refusedFault(prepared);
  await step();
  const after = scan(prepared.bytes);
  const sets: ChangeSet[] = [{ changes: recordChanges(state.tape, after), before: state.tape, after }];
  prepared.notes.forEach(note);
  questions.notes(state.reading.record.hitl_questions, prepared.run.hitl_questions).forEach(note);
  if (choices.fidelity === "lossless") {
    await step();
    const runtime = await prepareIn({ fidelity: "runtime", rederive: true });
    if (runtime.ok) sets.push(runtimeSet(after, runtime.bytes));
    else note(`The runtime itself would refuse this record: ${refusalSentence(runtime)}`);
  }
  await step();
  const preview = previewView(sets, {
    operation: choices.operation,
    fidelity: choices.fidelity,
    token: ports.newToken(),
    unchanged: sameBytes(state.bytes, prepared.bytes),
    bytesBefore: state.bytes.length,
    bytesAfter: prepared.bytes.length,
    notes,
    rederive: prepared.rederive,
    targetPath: choices.targetPath,
  });
  return { preview, bytes: prepared.bytes };
}

async function prepare(
  bytes: Uint8Array,
  options: PrepareOptions,
  persistedPath: string | null,
  ports: RecordPorts,
): Promise<Prepared | Refused> {
  return persistedPath === null ? prepareNormalize(bytes, options, ports) : prepareSave(bytes, { ...options, path: persistedPath }, ports);
}

/** The record's own text where it names the target from the base folder, else what the host chose; null for a normalise. */
function persistedPathFor(state: DocumentState, place: RecordPlace, choices: SaveChoices, ports: EnginePorts): string | null {
  if (choices.operation === "normalize") return null;
  const stored = state.reading.record.persisted_path;
  return stored !== null && ports.namesFile(place.baseFolder, stored, choices.targetPath)
    ? stored
    : (choices.persistedPath ?? choices.targetPath);
}

function runtimeSet(lossless: Tape, runtimeBytes: Uint8Array): ChangeSet {
  const runtime = scan(runtimeBytes);
  return { changes: runtimeOnlyChanges(lossless, runtime), before: lossless, after: runtime };
}

function refusedFault(refused: Refused): EngineFault {
  return new EngineFault({
    code: "refused",
    message: `This record cannot be saved: ${refusalSentence(refused)} Nothing was written.`,
    ...(refused.offset >= 0 ? { offset: refused.offset } : {}),
  });
}

function refusalSentence({ path, message }: Refused): string {
  const place = path.length === 0 ? "" : `${pathText(path)}: `;
  return `${place}${message}${/[.!?]$/.test(message) ? "" : "."}`;
}
