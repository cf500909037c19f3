import { NO_NODE } from "../../json/Tape.ts";
import type { NodeId, Tape } from "../../json/Tape.ts";
import type { RunChildRecord } from "../../record/types.ts";
import { textSlice } from "../longText.ts";
import { oneLine } from "../plainText.ts";
import { timeSpan, timeView } from "../readTime.ts";
import { childRunName } from "../rows/childRunRow.ts";
import type { RunTree } from "../RunTree.ts";
import type { StageFinder } from "../StageFinder.ts";
import { statusView } from "../statusTone.ts";
import { containerAt, memberAt, numberAt } from "../tapeFields.ts";
import type { StatusView, TimeView } from "../types.ts";

/** One child run as the record tells of it; whether its own record is there is not asked here. Texts are short and on one line. */
export interface ChildEntry {
  readonly id: string;
  readonly treeRow: string;
  readonly name: string;
  readonly workerId: string;
  readonly task: string;
  readonly status: StatusView | null;
  /** Null where the record has no such stage. */
  readonly stage: number | null;
  /** The stage's name, else what the child says it is. */
  readonly stageName: string;
  readonly started: TimeView | null;
  readonly durationMs: number | null;
  readonly runId: string;
  /** The child's own record, as stored; null where none is named. */
  readonly runPath: string | null;
  /** What came of it, or what stopped it. */
  readonly outcome: string;
  readonly isError: boolean;
  readonly session: string;
  readonly tokens: number | null;
  readonly costUsd: number | null;
}

const WORD_LIMIT = 120;
const TEXT_LIMIT = 200;

/** The child runs of a record in its own order. */
export function* childEntries(tree: RunTree, stages: StageFinder): Generator<ChildEntry, void, undefined> {
  for (const [index, child] of tree.reading.record.child_runs.entries()) yield childEntry(child, `child:${index}`, tree, stages);
}

function childEntry(child: RunChildRecord, treeRow: string, tree: RunTree, stages: StageFinder): ChildEntry {
  const stageRow = child.parent_stage_id === null ? null : tree.stageRowId(child.parent_stage_id);
  const stage = stageRow === null ? null : Number(stageRow.slice("stage:".length));
  return {
    id: `@${treeRow}`,
    treeRow,
    name: childRunName(child),
    workerId: oneLine(child.worker_id, WORD_LIMIT),
    task: oneLine(child.task, TEXT_LIMIT),
    status: statusView(child.status),
    stage,
    stageName: oneLine(stage === null ? (child.parent_stage_id ?? "") : stages.name(stage), WORD_LIMIT),
    started: timeView(child.started_at),
    durationMs: timeSpan(child.started_at, child.finished_at),
    runId: oneLine(child.run_id ?? "", WORD_LIMIT),
    runPath: child.run_path === "" ? null : child.run_path,
    session: oneLine(child.session_id ?? "", WORD_LIMIT),
    ...resultOf(tree.tape, child.worker_id === "" ? NO_NODE : tree.workerNode(child.worker_id)),
  };
}

type Result = Pick<ChildEntry, "outcome" | "isError" | "tokens" | "costUsd">;

/**
 * What the worker in a stage's metadata says of its end: a text, or an object that holds one, perhaps in one of its own kind, with the
 * tokens and the cost of its model calls beside it.
 */
function resultOf(tape: Tape, worker: NodeId): Result {
  const outer = containerAt(tape, worker, "result", "object");
  const inner = containerAt(tape, outer, "result", "object");
  const holders = [inner, outer, worker];
  const error = headOfFirst(tape, holders, ["error"]);
  const outcome = error === "" ? headOfFirst(tape, holders, ["summary", "visible_text", "text", "result"]) : error;
  const counts = inner === NO_NODE ? outer : inner;
  return { outcome, isError: error !== "", tokens: tokensOf(tape, counts), costUsd: finite(numberAt(tape, counts, "cost_usd")) };
}

/** The beginning of the first of these members that says something: its text, or the `message` of an object. */
function headOfFirst(tape: Tape, holders: readonly NodeId[], names: readonly string[]): string {
  for (const holder of holders) {
    for (const name of names) {
      const node = memberAt(tape, holder, name);
      const text = head(tape, node) || (node === NO_NODE ? "" : head(tape, memberAt(tape, node, "message")));
      if (text !== "") return text;
    }
  }
  return "";
}

/** Read from its beginning only: a result may be of any length. */
function head(tape: Tape, node: NodeId): string {
  if (node === NO_NODE || tape.kind(node) !== "string") return "";
  return oneLine(textSlice(tape, node, "string", 0, TEXT_LIMIT * 2).text, TEXT_LIMIT);
}

function tokensOf(tape: Tape, result: NodeId): number | null {
  const llm = containerAt(tape, result, "llm", "object");
  const tokensIn = finite(numberAt(tape, llm, "input_tokens"));
  const tokensOut = finite(numberAt(tape, llm, "output_tokens"));
  return tokensIn === null || tokensOut === null ? finite(numberAt(tape, result, "tokens_used")) : tokensIn + tokensOut;
}

function finite(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : value;
}
