/** Why a value of a record changes when it is normalised or saved: the one place where the rules are put in words. */
import { findMember, numberText, stringText } from "../json/cursor.ts";
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

/** Group and reason of a change. */
export function explainChange(raw: RawChange, before: Tape, after: Tape): Explanation {
  const [root, index] = raw.path;
  if (raw.repeated) return { group: "lost", why: "the key stands more than once: the last value counts" };
  if (raw.unknown && raw.change === "removed") {
    return {
      group: "lost",
      why: isDerivedPlace(raw, before, after) ? "made anew; the runtime does not know this field" : "the runtime does not know this field",
    };
  }
  if (root === "observability") return { group: "derived", why: "derived from stages, transcripts and child runs" };
  if (isDerivedPlace(raw, before, after)) return { group: "derived", why: "the artifact is made anew from its handoff" };
  if (root === "handoffs" && raw.path.length > 1) return explainHandoff(raw);
  if (root === "child_runs" && (raw.path.length === 2 || raw.path.length === 3) && raw.change !== "removed" && typeof index === "number") {
    if (raw.path.length === 2 || !isMissingDefault(raw, after)) return { group: "merged", why: "told by the worker of a stage" };
  }
  if (root === "hitl_questions" && raw.path.length > 1) return { group: "merged", why: "from the event log" };
  if (
    raw.path.length === 1 &&
    typeof root === "string" &&
    raw.change !== "removed" &&
    Object.hasOwn(FILLED, root) &&
    !isMissingDefault(raw, after)
  ) {
    return { group: "filled", why: FILLED[root] ?? "" };
  }
  if (raw.change === "added") return { group: "filled", why: "missing: the runtime writes its default" };
  if (raw.change === "removed") return explainRemoval(raw, before);
  return explainRewriting(raw, before, after);
}

function explainHandoff(raw: RawChange): Explanation {
  const field = raw.path[2];
  if (raw.path.length === 2) {
    return raw.change === "removed"
      ? { group: "lost", why: "another handoff has the same id, or it has none: one of them stays" }
      : { group: "merged", why: "found in an artifact" };
  }
  if (field === "receipt_links") return { group: "merged", why: "a receipt for this run and path" };
  if (field === "parent_run_id") return { group: "filled", why: "the run that hands off" };
  return { group: raw.change === "removed" ? "rewritten" : "merged", why: "brought into its regular form" };
}

/** Whether the place is inside an artifact that stands for a handoff. */
function isDerivedPlace(raw: RawChange, before: Tape, after: Tape): boolean {
  const [root, index] = raw.path;
  if (root === "observability") return true;
  if (root !== "artifacts" || typeof index !== "number") return false;
  if (raw.path.length === 2) return raw.change === "added" && isHandoffArtifact(after, raw.after);
  return isHandoffArtifact(after, elementAt(after, index)) || isHandoffArtifact(before, elementAt(before, index));
}

function elementAt(tape: Tape, index: number): NodeId {
  const artifacts = findMember(tape, 0, "artifacts");
  if (artifacts === NO_NODE || tape.kind(artifacts) !== "array") return NO_NODE;
  let element = artifacts + 1;
  for (let place = 0; place < index && element < tape.next(artifacts); place++) element = tape.next(element);
  return element < tape.next(artifacts) ? element : NO_NODE;
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
