import { compactionFacts, findAsset } from "../compactionFacts.ts";
import { NO_NODE } from "../../json/Tape.ts";
import { joinNotes, oneLine } from "../plainText.ts";
import { timeView } from "../readTime.ts";
import type { RunTree } from "../RunTree.ts";
import type { StageFinder } from "../StageFinder.ts";
import { textAt } from "../tapeFields.ts";
import type { TimeView } from "../types.ts";

/** What became of the messages a compaction took away: a snapshot of them is kept, is named but not kept, or never was taken. */
export type SnapshotState = "kept" | "missing" | "never";

/** One compaction, however many transcripts list its event. Texts are short and on one line; counts are null where they are not told. */
export interface CompactionEntry {
  readonly id: string;
  readonly treeRow: string;
  /** Null for the run's own transcript. */
  readonly stage: number | null;
  readonly stageName: string;
  readonly time: TimeView | null;
  readonly before: number | null;
  readonly after: number | null;
  readonly archived: number | null;
  readonly mode: string;
  readonly reason: string;
  readonly strategy: string;
  /** How the instructions were put together, and where they come from. */
  readonly instructions: string;
  readonly snapshot: SnapshotState;
  readonly snapshotId: string;
  /** The other places that list the same event. */
  readonly alsoIn: readonly string[];
}

/** Most UTF-16 units of a word. */
const WORD_LIMIT = 80;
export const RUN_TRANSCRIPT = "run transcript";

/** The compactions of a record in the order of its transcripts, each where it is listed first. */
export function* compactionEntries(tree: RunTree, stages: StageFinder): Generator<CompactionEntry, void, undefined> {
  const { transcripts, tape } = tree;
  const count = tree.reading.record.stages.length;
  const nameOf = (stage: number | null): string => (stage === null ? RUN_TRANSCRIPT : oneLine(stages.name(stage), WORD_LIMIT));
  for (let index = 0; index <= count; index++) {
    const stage = index === count ? null : index;
    for (const [at, event] of transcripts.compactions(index)) {
      const facts = compactionFacts(tape, event);
      const treeRow = `${stage === null ? "run" : `stage:${stage}`}/compaction:${at}`;
      const isKept = findAsset(tape, transcripts.node(index), facts.snapshotId) !== NO_NODE;
      const source = textAt(tape, facts.source, "instruction_source") ?? "";
      yield {
        id: `@compaction:${treeRow}`,
        treeRow,
        stage,
        stageName: nameOf(stage),
        time: timeOf(facts.id),
        before: counted(facts.tokensBefore),
        after: counted(facts.tokensAfter),
        archived: counted(facts.archivedMessages),
        mode: oneLine(facts.mode, WORD_LIMIT),
        reason: oneLine(facts.reason, WORD_LIMIT),
        strategy: oneLine(facts.strategy, WORD_LIMIT),
        instructions: joinNotes([oneLine(facts.instructionMode, WORD_LIMIT), oneLine(source, WORD_LIMIT)]),
        snapshot: facts.snapshotId === null ? "never" : isKept ? "kept" : "missing",
        snapshotId: oneLine(facts.snapshotId ?? "", WORD_LIMIT),
        alsoIn: transcripts
          .compactionPlaces(event)
          .filter((place) => place !== stage)
          .map(nameOf),
      };
    }
  }
}

/** The time an event's id holds; ids of other kinds hold none. */
function timeOf(id: string): TimeView | null {
  const time = timeView(id);
  return time === null || time.epochMs === null ? null : time;
}

/** A count as anybody could have counted it; null for what is told but cannot be one. */
function counted(count: number | null): number | null {
  return count === null || !Number.isFinite(count) || count < 0 ? null : count;
}
