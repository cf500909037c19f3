/** What differs between two texts of one record, grouped and explained: read off the bytes themselves, so that nothing is told by guess. */
import { elements, findMember, members, numberText, stringText } from "../json/cursor.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import { compileStruct } from "./codec.ts";
import type { Codec } from "./codec.ts";
import { explainChange } from "./explainChange.ts";
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
  /** An earlier value of a repeated key. */
  readonly repeated: boolean;
}

/** What changes from one text to the other, in the order of the text before. */
export function recordChanges(before: Tape, after: Tape): RecordChange[] {
  return rawChanges(before, after).map((raw) => ({ ...place(raw), ...explainChange(raw, before, after) }));
}

/** What only the runtime's own fidelity would change beyond a lossless save. */
export function runtimeOnlyChanges(lossless: Tape, runtime: Tape): RecordChange[] {
  return rawChanges(lossless, runtime).map((raw) => {
    const { why } = explainChange(raw, lossless, runtime);
    return { ...place(raw), group: "runtimeOnly", why: `${why}; kept as it is` };
  });
}

function place(raw: RawChange): Pick<RecordChange, "change" | "path" | "before" | "after"> {
  return { change: raw.change, path: raw.path, before: raw.before, after: raw.after };
}

function rawChanges(before: Tape, after: Tape): RawChange[] {
  const comparison = new Comparison(before, after);
  if (before.nodeCount > 0 && after.nodeCount > 0) comparison.compare(0, 0, compileStruct(RunRecordSchema));
  return comparison.changes;
}

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
    if (kind !== this.#after.kind(b)) this.#add("changed", a, b, bare);
    else if (kind === "object") this.#objects(a, b, bare);
    else if (kind === "array") this.#arrays(a, b, bare);
    else if (!this.#sameScalar(kind, a, b)) this.#add("changed", a, b, bare);
  }

  #objects(a: NodeId, b: NodeId, codec: Codec | undefined): void {
    const [before, after] = [this.#before, this.#after];
    const lefts = new Map<string, NodeId>();
    for (const [key, value] of members(before, a)) {
      const name = stringText(before, key);
      const earlier = lefts.get(name);
      if (earlier !== undefined && this.#occurrences(b, name) < 2) this.#addAt(name, "removed", earlier, NO_NODE, codec, true);
      lefts.set(name, value);
    }
    const met = new Set<string>();
    for (const [name, value] of lefts) {
      const field = codec?.kind === "struct" ? codec.byKey.get(name) : undefined;
      const written = field?.name ?? name;
      const other = findMember(after, b, written);
      met.add(written);
      if (other === NO_NODE) {
        this.#addAt(name, "removed", value, NO_NODE, codec, false);
        continue;
      }
      this.#path.push(written);
      this.compare(value, other, childCodec(codec, written));
      this.#path.pop();
    }
    for (const [key, value] of members(after, b)) {
      const name = stringText(after, key);
      if (!met.has(name)) this.#addAt(name, "added", NO_NODE, value, codec, false);
    }
  }

  #occurrences(object: NodeId, name: string): number {
    let count = 0;
    for (const [key] of members(this.#after, object)) if (stringText(this.#after, key) === name) count++;
    return count;
  }

  #arrays(a: NodeId, b: NodeId, codec: Codec | undefined): void {
    const lefts = [...elements(this.#before, a)];
    const rights = [...elements(this.#after, b)];
    const element = codec?.kind === "list" ? codec.element : undefined;
    for (const [place, left, right] of pairElements(this.#before, lefts, this.#after, rights)) {
      this.#path.push(place);
      if (right === NO_NODE) this.#add("removed", left, NO_NODE, element);
      else if (left === NO_NODE) this.#add("added", NO_NODE, right, element);
      else this.compare(left, right, element);
      this.#path.pop();
    }
  }

  #add(change: RecordChange["change"], before: NodeId, after: NodeId, codec: Codec | undefined): void {
    this.changes.push({ change, path: [...this.#path], before, after, codec, unknown: false, repeated: false });
  }

  #addAt(name: string, change: RecordChange["change"], before: NodeId, after: NodeId, parent: Codec | undefined, repeated: boolean): void {
    const unknown = parent?.kind === "struct" && !parent.isPolicyRule && !parent.byKey.has(name);
    this.changes.push({ change, path: [...this.#path, name], before, after, codec: childCodec(parent, name), unknown, repeated });
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
