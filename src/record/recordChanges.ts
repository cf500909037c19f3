/** What differs between two texts of one record, grouped and explained: read off the bytes themselves, so that nothing is told by guess. */
import { elements, findMember, members, numberText, stringText } from "../json/cursor.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import { compileStruct } from "./codec.ts";
import type { Codec } from "./codec.ts";
import { ChangeExplainer } from "./ChangeExplainer.ts";
import type { Path } from "./Problem.ts";
import { RunRecord as RunRecordSchema } from "./schema/RunRecord.ts";

/** Why a value changes, in the order of the preview. */
export type ChangeGroup = "filled" | "merged" | "derived" | "rewritten" | "lost" | "runtimeOnly";

export interface RecordChange {
  readonly group: ChangeGroup;
  readonly change: "added" | "changed" | "removed";
  readonly path: Path;
  /** Node on the tape before, `NO_NODE` when added. */
  readonly before: NodeId;
  /** Node on the tape after, `NO_NODE` when removed. */
  readonly after: NodeId;
  readonly why: string;
}

/** A difference before it is explained. */
export interface RawChange {
  readonly change: RecordChange["change"];
  readonly path: Path;
  readonly before: NodeId;
  readonly after: NodeId;
  /** What the format says of the place; undefined for fields it does not know and for what is inside free values. */
  readonly codec: Codec | undefined;
  /** The key is one the runtime does not know, in a struct it knows. */
  readonly unknown: boolean;
  /** Why the comparison itself can tell what happened: an earlier value of a repeated key, a key in another spelling, a list in another order. */
  readonly kind: "value" | "repeated" | "respelled" | "reordered";
}

/** What changes from one text to the other, in the order of the text before. */
export function recordChanges(before: Tape, after: Tape): RecordChange[] {
  const explainer = new ChangeExplainer(before, after);
  return rawChanges(before, after).map((raw) => ({ ...place(raw), ...explainer.explain(raw) }));
}

/** What only the runtime's own fidelity would change beyond a lossless save. */
export function runtimeOnlyChanges(lossless: Tape, runtime: Tape): RecordChange[] {
  const explainer = new ChangeExplainer(lossless, runtime);
  return rawChanges(lossless, runtime).map((raw) => ({
    ...place(raw),
    group: "runtimeOnly",
    why: `${explainer.explain(raw).why}; kept as it is`,
  }));
}

function place(raw: RawChange): Pick<RecordChange, "change" | "path" | "before" | "after"> {
  return { change: raw.change, path: raw.path, before: raw.before, after: raw.after };
}

function rawChanges(before: Tape, after: Tape): RawChange[] {
  const comparison = new Comparison(before, after);
  if (before.nodeCount > 0 && after.nodeCount > 0) comparison.compare(0, 0, compileStruct(RunRecordSchema));
  return comparison.changes;
}

/** Levels that are compared one by one; deeper down values are told as a whole. The runtime's own limit is 128. */
const MAX_DEPTH = 500;

class Comparison {
  readonly changes: RawChange[] = [];
  readonly #before: Tape;
  readonly #after: Tape;
  readonly #path: (string | number)[] = [];

  constructor(before: Tape, after: Tape) {
    this.#before = before;
    this.#after = after;
  }

  compare(a: NodeId, b: NodeId, codec: Codec | undefined): void {
    if (this.#sameText(a, b)) return;
    const kind = this.#before.kind(a);
    const bare = codec?.kind === "nullable" ? codec.inner : codec;
    const otherKind = this.#after.kind(b);
    if (bare?.kind === "struct" && kind === "array" && otherKind === "object") {
      // A struct given as a list of its fields becomes an object.
      this.#add("changed", a, b, bare, "respelled");
      this.#objects(a, b, bare);
    } else if (kind !== otherKind || this.#path.length > MAX_DEPTH) this.#add("changed", a, b, bare);
    else if (kind === "object") this.#objects(a, b, bare);
    else if (kind === "array") this.#arrays(a, b, bare);
    else if (!this.#sameScalar(kind, a, b)) this.#add("changed", a, b, bare);
  }

  #objects(a: NodeId, b: NodeId, codec: Codec | undefined): void {
    const lefts = membersByField(this.#before, a, codec);
    const rights = membersByField(this.#after, b, codec);
    if (codec?.kind === "struct" && codec.isPolicyRule && [...lefts.keys()].some((name) => !codec.byKey.has(name))) {
      // A rule has many spellings: it is told as a whole when it is not in the canonical one.
      this.#add("changed", a, b, codec, "respelled");
      return;
    }
    for (const [written, { name, values }] of lefts) {
      const other = rights.get(written);
      const last = values.at(-1) ?? NO_NODE;
      const inner = childCodec(codec, written);
      if (other === undefined) {
        for (const value of values) this.#addAt(name, "removed", value, NO_NODE, codec);
        continue;
      }
      const dropped = Math.max(0, values.length - other.values.length);
      for (const value of values.slice(0, dropped)) this.#addAt(name, "removed", value, NO_NODE, codec, "repeated");
      if (name !== other.name) this.#addAt(name, "changed", last, other.values.at(-1) ?? NO_NODE, codec, "respelled");
      this.#path.push(written);
      values.slice(dropped).forEach((value, place) => {
        this.compare(value, other.values[place] ?? NO_NODE, inner);
      });
      this.#path.pop();
    }
    for (const [written, { values }] of rights) {
      const known = lefts.get(written)?.values.length ?? 0;
      for (const value of values.slice(known)) this.#addAt(written, "added", NO_NODE, value, codec);
    }
  }

  #arrays(a: NodeId, b: NodeId, codec: Codec | undefined): void {
    const lefts = [...elements(this.#before, a)];
    const rights = [...elements(this.#after, b)];
    const element = codec?.kind === "list" ? codec.element : undefined;
    const pairs = pairElements(this.#before, lefts, this.#after, rights);
    if (isReordered(pairs)) this.#add("changed", a, b, codec, "reordered");
    for (const [place, left, right] of pairs) {
      this.#path.push(place);
      if (right === NO_NODE) this.#add("removed", left, NO_NODE, element);
      else if (left === NO_NODE) this.#add("added", NO_NODE, right, element);
      else this.compare(left, right, element);
      this.#path.pop();
    }
  }

  #add(change: RecordChange["change"], before: NodeId, after: NodeId, codec: Codec | undefined, kind: RawChange["kind"] = "value"): void {
    this.changes.push({ change, path: [...this.#path], before, after, codec, unknown: false, kind });
  }

  #addAt(
    name: string,
    change: RecordChange["change"],
    before: NodeId,
    after: NodeId,
    parent: Codec | undefined,
    kind: RawChange["kind"] = "value",
  ): void {
    const unknown = parent?.kind === "struct" && !parent.byKey.has(name);
    this.changes.push({ change, path: [...this.#path, name], before, after, codec: childCodec(parent, name), unknown, kind });
  }

  #sameText(a: NodeId, b: NodeId): boolean {
    const [before, after] = [this.#before, this.#after];
    const start = before.start(a);
    const length = before.end(a) - start;
    const other = after.start(b);
    if (after.end(b) - other !== length) return false;
    for (let at = 0; at < length; at++) if (before.bytes[start + at] !== after.bytes[other + at]) return false;
    return true;
  }

  #sameScalar(kind: "string" | "number" | "true" | "false" | "null", a: NodeId, b: NodeId): boolean {
    if (kind === "string") return stringText(this.#before, a) === stringText(this.#after, b);
    return kind !== "number" || numberText(this.#before, a) === numberText(this.#after, b);
  }
}

/** The values of one field in the order of the text, and the last spelling of its key. */
interface FieldValues {
  name: string;
  readonly values: NodeId[];
}

/** An object's members by the name their field is written under; of a struct given as a list, its elements. */
function membersByField(tape: Tape, object: NodeId, codec: Codec | undefined): Map<string, FieldValues> {
  const fields = new Map<string, FieldValues>();
  if (codec?.kind === "struct") {
    let place = 0;
    for (const value of elements(tape, object)) {
      const name = codec.fields[place++]?.name ?? String(place);
      fields.set(name, { name, values: [value] });
    }
  }
  for (const [key, value] of members(tape, object)) {
    const name = stringText(tape, key);
    const written = (codec?.kind === "struct" ? codec.byKey.get(name)?.name : undefined) ?? name;
    const known = fields.get(written);
    if (known === undefined) fields.set(written, { name, values: [value] });
    else {
      known.name = name;
      known.values.push(value);
    }
  }
  return fields;
}

function childCodec(parent: Codec | undefined, name: string): Codec | undefined {
  if (parent?.kind === "struct") return parent.byKey.get(name)?.codec;
  return parent?.kind === "map" ? parent.value : undefined;
}

/** Keys by which the elements of a list are known. */
const IDENTITIES = ["id", "worker_id", "request_id"];

/**
 * Pairs the elements of two lists: by id where every element has one of its own, else by place. A place is the element's in the list after,
 * or before when it is gone.
 */
function pairElements(
  before: Tape,
  lefts: readonly NodeId[],
  after: Tape,
  rights: readonly NodeId[],
): (readonly [number, NodeId, NodeId])[] {
  const leftIds = identitiesOf(before, lefts);
  const rightIds = identitiesOf(after, rights);
  if (leftIds === null || rightIds === null) {
    const longest = Math.max(lefts.length, rights.length);
    return Array.from({ length: longest }, (_, place) => [place, lefts[place] ?? NO_NODE, rights[place] ?? NO_NODE] as const);
  }
  const rightNames = [...rightIds.keys()];
  const leftNames = [...leftIds.keys()];
  const pairs = rights.map((right, place) => [place, lefts[leftIds.get(rightNames[place] ?? "") ?? -1] ?? NO_NODE, right] as const);
  const gone = lefts.flatMap((left, place) => (rightIds.has(leftNames[place] ?? "") ? [] : [[place, left, NO_NODE] as const]));
  return [...pairs, ...gone];
}

/** Whether elements that both lists have stand in another order. */
function isReordered(pairs: readonly (readonly [number, NodeId, NodeId])[]): boolean {
  const lefts = pairs.filter(([, left, right]) => left !== NO_NODE && right !== NO_NODE).map(([, left]) => left);
  return lefts.some((left, place) => left < (lefts[place - 1] ?? left));
}

/** Place by id, in list order; null when an element has none, or two share one. */
function identitiesOf(tape: Tape, nodes: readonly NodeId[]): Map<string, number> | null {
  for (const key of IDENTITIES) {
    const ids = new Map<string, number>();
    for (const [place, node] of nodes.entries()) {
      const id = tape.kind(node) === "object" ? findMember(tape, node, key) : NO_NODE;
      if (id === NO_NODE || tape.kind(id) !== "string") break;
      ids.set(stringText(tape, id), place);
    }
    if (ids.size === nodes.length) return ids;
  }
  return null;
}
