/** Why a value of a record changes when it is normalised or saved: the one place where the rules are put in words. */
import { elements, findMember, numberText, stringText } from "../json/cursor.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import type { RawChange, RecordChange } from "./recordChanges.ts";

type Explanation = Pick<RecordChange, "group" | "why">;

/** Top-level fields that are filled in, and why. */
const FILLED: Readonly<Record<string, string>> = {
  _type: "the runtime names the type of the file",
  id: "the run had no id: it gets one",
  status: "a run without status counts as running",
  started_at: "the run had no start: now",
  root_run_id: "a run without root is its own",
  replay_fixture: "the run had none: one is made from its stages",
  persisted_path: "where the record is stored",
};

/** Says of each difference between two texts of one record why it is there. */
export class ChangeExplainer {
  readonly #before: Tape;
  readonly #after: Tape;
  /** The artifacts of the text after. */
  readonly #artifacts: readonly NodeId[];

  constructor(before: Tape, after: Tape) {
    this.#before = before;
    this.#after = after;
    const artifacts = after.nodeCount > 0 ? findMember(after, 0, "artifacts") : NO_NODE;
    this.#artifacts = artifacts === NO_NODE ? [] : [...elements(after, artifacts)];
  }

  /** Group and reason of a change. */
  explain(raw: RawChange): Explanation {
    const [root] = raw.path;
    if (raw.kind !== "value") return SHAPES[raw.kind];
    const derived = this.#isDerived(raw);
    if (raw.unknown && raw.change === "removed") {
      return { group: "lost", why: derived ? "made anew; the runtime does not know this field" : "the runtime does not know this field" };
    }
    if (root === "observability") return { group: "derived", why: "derived from stages, transcripts and child runs" };
    if (derived) return { group: "derived", why: "the artifact is made anew from its handoff" };
    if (raw.change !== "removed" && !isMissingDefault(raw, this.#after)) {
      if (root === "child_runs" && (raw.path.length === 2 || raw.path.length === 3)) {
        return { group: "merged", why: "told by the worker of a stage" };
      }
      if (raw.path.length === 1 && typeof root === "string" && Object.hasOwn(FILLED, root)) {
        return { group: "filled", why: FILLED[root] ?? "" };
      }
    }
    if (root === "handoffs" && raw.path.length > 1) return explainHandoff(raw, this.#after);
    if (root === "hitl_questions" && raw.path.length === 2) return { group: "merged", why: "from the event log" };
    if (raw.change === "added") return DEFAULT_ADDED;
    if (raw.change === "removed") return explainRemoval(raw, this.#before);
    return explainRewriting(raw, this.#before, this.#after);
  }

  /** Whether the place is inside the observability, or an artifact that stands for a handoff. */
  #isDerived(raw: RawChange): boolean {
    const [root, index] = raw.path;
    if (root === "observability") return true;
    if (root !== "artifacts" || typeof index !== "number") return false;
    // The place of an element that is gone is one in the text before.
    if (raw.path.length === 2 && raw.change === "removed") return false;
    return isHandoffArtifact(this.#after, this.#artifacts[index] ?? NO_NODE);
  }
}

/** What the comparison can tell by itself. */
const SHAPES: Readonly<Record<Exclude<RawChange["kind"], "value">, Explanation>> = {
  repeated: { group: "lost", why: "the key stands more than once: the last value counts" },
  respelled: { group: "rewritten", why: "written in the runtime's own spelling" },
  reordered: { group: "rewritten", why: "put in the runtime's order" },
};

const DEFAULT_ADDED: Explanation = { group: "filled", why: "missing: the runtime writes its default" };

function explainHandoff(raw: RawChange, after: Tape): Explanation {
  const field = raw.path[2];
  if (raw.path.length === 2) {
    return raw.change === "removed"
      ? { group: "lost", why: "another handoff has the same id, or it has none: one of them stays" }
      : { group: "merged", why: "found in an artifact" };
  }
  if (isMissingDefault(raw, after)) return DEFAULT_ADDED;
  if (field === "receipt_links") return { group: "merged", why: "a receipt for this run and path" };
  if (field === "parent_run_id") return { group: "filled", why: "the run that hands off" };
  if (field === "id" || field === "created_at" || field === "_type") return { group: "filled", why: "the handoff had none: it gets one" };
  return { group: raw.change === "added" ? "merged" : "rewritten", why: "brought into its regular form" };
}

function isHandoffArtifact(tape: Tape, node: NodeId): boolean {
  if (node === NO_NODE || tape.kind(node) !== "object") return false;
  const kind = findMember(tape, node, "kind");
  return kind !== NO_NODE && tape.kind(kind) === "string" && stringText(tape, kind) === "handoff";
}

/** A key that was missing and gets null, an empty list, an empty text or zero. */
function isMissingDefault(raw: RawChange, after: Tape): boolean {
  if (raw.change !== "added") return false;
  switch (after.kind(raw.after)) {
    case "null":
    case "false":
      return true;
    case "array":
    case "object":
      return after.next(raw.after) === raw.after + 1;
    case "string":
      return stringText(after, raw.after) === "";
    case "number":
      return Number(numberText(after, raw.after)) === 0;
    case "true":
      return false;
  }
}

function explainRemoval(raw: RawChange, before: Tape): Explanation {
  const kind = before.kind(raw.before);
  const empty = kind === "null" || ((kind === "array" || kind === "object") && before.next(raw.before) === raw.before + 1);
  if (empty && raw.codec !== undefined) return { group: "rewritten", why: "left out when null or empty" };
  return { group: "lost", why: "the runtime's form has no place for it" };
}

function explainRewriting(raw: RawChange, before: Tape, after: Tape): Explanation {
  const [from, to] = [before.kind(raw.before), after.kind(raw.after)];
  if (from === "number" && to === "number") {
    const same = Number(numberText(before, raw.before)) === Number(numberText(after, raw.after));
    return { group: "rewritten", why: same ? "the runtime spells this number in its own way" : "the runtime's reader rounds" };
  }
  return { group: "rewritten", why: "written in its regular form" };
}
