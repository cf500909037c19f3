import type { HandoffArtifact } from "../../record/types.ts";
import { oneLine } from "../plainText.ts";
import { timeView } from "../readTime.ts";
import type { RunTree } from "../RunTree.ts";
import { statusView } from "../statusTone.ts";
import type { StatusView, TimeView } from "../types.ts";

/** One handoff. Texts are short and on one line; empty where the record does not tell. */
export interface HandoffEntry {
  readonly id: string;
  readonly treeRow: string;
  readonly from: string;
  /** The target's label, else its id. */
  readonly to: string;
  /** `human`, `persona`, `worker`, …: free text in the format. */
  readonly toKind: string;
  readonly kind: string;
  /** What became of the handoff where something was to carry it on. */
  readonly status: StatusView | null;
  readonly task: string;
  readonly reason: string;
  readonly openQuestions: readonly string[];
  readonly openQuestionCount: number;
  readonly artifacts: readonly string[];
  readonly artifactCount: number;
  readonly created: TimeView | null;
}

const WORD_LIMIT = 80;
const TEXT_LIMIT = 200;
/** Most entries of a list that are told on hover. */
const LIST_LIMIT = 8;

/** The handoffs of a record in its own order. */
export function* handoffEntries(tree: RunTree): Generator<HandoffEntry, void, undefined> {
  for (const [index, handoff] of tree.reading.record.handoffs.entries()) yield handoffEntry(handoff, `handoff:${index}`);
}

function handoffEntry(handoff: HandoffArtifact, treeRow: string): HandoffEntry {
  const { label, id, kind } = handoff.target_persona_or_human;
  return {
    id: `@${treeRow}`,
    treeRow,
    from: oneLine(handoff.source_persona, WORD_LIMIT),
    to: oneLine(label ?? "", WORD_LIMIT) || oneLine(id ?? "", WORD_LIMIT),
    toKind: oneLine(kind, WORD_LIMIT),
    kind: oneLine(handoff.kind, WORD_LIMIT),
    status: statusView(handoff.route_decision?.dispatch_status ?? ""),
    task: oneLine(handoff.task, TEXT_LIMIT),
    reason: oneLine(handoff.reason, TEXT_LIMIT),
    openQuestions: handoff.open_questions.slice(0, LIST_LIMIT).map((question) => oneLine(question, TEXT_LIMIT)),
    openQuestionCount: handoff.open_questions.length,
    artifacts: handoff.evidence_refs
      .slice(0, LIST_LIMIT)
      .map((each) => oneLine(each.label ?? each.path ?? each.uri ?? each.artifact_id ?? each.kind ?? "", TEXT_LIMIT)),
    artifactCount: handoff.evidence_refs.length,
    created: timeView(handoff.created_at),
  };
}
