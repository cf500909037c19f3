/**
 * Reads a value off the tape by its codec. Strict reading accepts exactly what the runtime accepts and stops at the first fault; tolerant
 * reading takes what it can, notes every fault with its place and leaves the default where nothing could be read (run record format,
 * reading JSON).
 */
import { firstElement, firstKey, hasLoneSurrogate, members, nextElement, stringText, valueOf } from "../json/cursor.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import { expectedText } from "./codec.ts";
import type { Codec } from "./codec.ts";
import { decodePolicyRule } from "./decodePolicyRule.ts";
import { decodeStruct } from "./decodeStruct.ts";
import { decodeBoolean, decodeFloat, decodeInteger, decodePolicyAction, decodeString, decodeUuid, integerOf } from "./decodeScalar.ts";
import { describeValue } from "./describeValue.ts";
import { expandRawValues, freeValueFault, MAX_DEPTH } from "./freeValue.ts";
import { Origins } from "./Origins.ts";
import type { Problem, ProblemCode } from "./Problem.ts";

export interface DecodeOptions {
  /**
   * "text": a repeated key of a struct is refused, nesting is limited. "value": the JSON was already read as a free value, in which the
   * last of repeated keys has won and keys are sorted.
   */
  readonly source: "text" | "value";
  readonly tolerant: boolean;
}

/** Nothing could be read; a problem says why. */
export const REFUSED = Symbol("refused");

/** Faults listed of one text; beyond, a hostile file would fill the memory with them. */
const MAX_PROBLEMS = 10_000;

/** One reading of one text, with the faults it met and where its values came from. */
export class Decoder {
  readonly problems: Problem[] = [];
  readonly origins = new Origins();
  readonly options: DecodeOptions;
  /** Faults that were met but are not in `problems`. */
  unlisted = 0;
  readonly #path: (string | number)[] = [];
  /** The top-level field of every field that could not be read; undefined where a later value of a repeated key counts instead. */
  readonly #foreign: (string | undefined)[] = [];
  /** Containers open around the value being read. */
  #depth = 0;
  /** Variants of tagged unions open around the value being read. */
  #variants = 0;

  constructor(options: DecodeOptions) {
    this.options = options;
  }

  /** Top-level fields in which something could not be read: what depends on them is not derived. */
  get foreignRoots(): ReadonlySet<string> {
    return new Set(this.#foreign.filter((root) => root !== undefined));
  }

  /** The value in the shape its codec's schema infers, or {@link REFUSED}. */
  decode(codec: Codec, tape: Tape, node: NodeId): unknown {
    switch (codec.kind) {
      case "str":
        return decodeString(this, codec, tape, node);
      case "bool":
        return decodeBoolean(this, codec, tape, node);
      case "int":
        return decodeInteger(this, codec, tape, node);
      case "f64":
        return decodeFloat(this, codec, tape, node);
      case "any":
        return this.#any(tape, node);
      case "uuid":
        return decodeUuid(this, codec, tape, node);
      case "policyAction":
        return decodePolicyAction(this, tape, node);
      case "stringOrList":
        return this.#stringOrList(codec, tape, node);
      case "nullable":
        return tape.kind(node) === "null" ? null : this.decode(codec.inner, tape, node);
      case "list":
        return this.#list(codec, tape, node);
      case "map":
        return this.#map(codec, tape, node);
      case "enum":
        return this.#enum(codec, tape, node);
      case "tagged":
        return this.#tagged(codec, tape, node);
      case "struct":
        return codec.isPolicyRule ? decodePolicyRule(this, codec, tape, node) : decodeStruct(this, codec, tape, node);
    }
  }

  /** Decodes one step further down, with the step on the path. */
  at(step: string | number, codec: Codec, tape: Tape, node: NodeId): unknown {
    this.#path.push(step);
    const value = this.decode(codec, tape, node);
    this.#path.pop();
    return value;
  }

  /** Notes a fault at a node and refuses the value. */
  refuse(code: ProblemCode, tape: Tape, node: NodeId, message: string, severity: Problem["severity"] = "error"): typeof REFUSED {
    if (this.problems.length === MAX_PROBLEMS) this.unlisted++;
    else this.problems.push({ severity, code, path: [...this.#path], start: tape.start(node), end: tape.end(node), message });
    return REFUSED;
  }

  wrongType(codec: Codec, tape: Tape, node: NodeId): typeof REFUSED {
    return this.refuse("wrongType", tape, node, `expected ${expectedText(codec)}, found ${describeValue(tape, node)}`);
  }

  /** Whether a free value is one the runtime can hold; notes the fault when it is not. */
  checkFreeValue(tape: Tape, node: NodeId): boolean {
    const fault = freeValueFault(tape, node, this.options.source === "text" ? this.#depth : null);
    if (fault !== undefined) this.refuse(fault.code, tape, fault.node, fault.message);
    return fault === undefined;
  }

  /** A slice. One that the runtime would refuse is kept for viewing, and its field counts as one that could not be read. */
  #any(tape: Tape, node: NodeId): unknown {
    const slice = { tape, node };
    let sound = this.checkFreeValue(tape, node);
    if (sound) {
      const expanded = expandRawValues(slice, this.options.source);
      if (!("code" in expanded)) return this.options.tolerant ? slice : expanded;
      this.refuse(expanded.code, tape, expanded.node, expanded.message);
      sound = false;
    }
    if (!this.options.tolerant) return REFUSED;
    this.origins.markIncomplete(slice);
    return slice;
  }

  #stringOrList(codec: Codec, tape: Tape, node: NodeId): unknown {
    switch (tape.kind(node)) {
      case "null":
        return [];
      case "string": {
        const text = decodeString(this, codec, tape, node);
        return text === REFUSED ? REFUSED : [text];
      }
      case "array":
        return this.#list({ kind: "list", element: { kind: "str" } }, tape, node);
      default:
        return this.wrongType(codec, tape, node);
    }
  }

  #list(codec: Extract<Codec, { kind: "list" }>, tape: Tape, node: NodeId): unknown {
    if (tape.kind(node) !== "array") return this.wrongType(codec, tape, node);
    if (!this.enter(tape, node)) return REFUSED;
    const values: unknown[] = [];
    let index = 0;
    for (let element = firstElement(tape, node); element !== NO_NODE; element = nextElement(tape, node, element)) {
      const value = this.at(index++, codec.element, tape, element);
      if (value !== REFUSED) values.push(value);
      else if (this.options.tolerant) this.origins.markIncomplete(values);
      else return this.leave(REFUSED);
      if (this.origins.isIncomplete(value)) this.origins.markIncomplete(values);
    }
    this.origins.set(values, tape, node);
    return this.leave(values);
  }

  #map(codec: Extract<Codec, { kind: "map" }>, tape: Tape, node: NodeId): unknown {
    if (tape.kind(node) !== "object") return this.wrongType(codec, tape, node);
    if (!this.enter(tape, node)) return REFUSED;
    const values = new Map<string, unknown>();
    const ranges = new Map<string, readonly [number, number]>();
    for (const [key, element] of this.members(tape, node)) {
      const name = this.key(tape, key);
      const value = name === REFUSED ? REFUSED : this.member(name, ranges, () => this.at(name, codec.value, tape, element));
      if (value !== REFUSED && name !== REFUSED) values.set(name, value);
      else if (this.options.tolerant) this.origins.markIncomplete(values);
      else return this.leave(REFUSED);
      if (this.origins.isIncomplete(value)) this.origins.markIncomplete(values);
    }
    this.origins.set(values, tape, node);
    return this.leave(values);
  }

  /** A key as text; refused when it has half of a surrogate pair. */
  key(tape: Tape, key: NodeId): string | typeof REFUSED {
    if (hasLoneSurrogate(tape, key)) return this.refuse("loneSurrogate", tape, key, "half of a surrogate pair in a key");
    return stringText(tape, key);
  }

  #enum(codec: Extract<Codec, { kind: "enum" }>, tape: Tape, node: NodeId): unknown {
    let name = node;
    if (tape.kind(node) === "object") {
      if (!this.enter(tape, node)) return REFUSED;
      const listed = [...this.members(tape, node)];
      this.#depth--;
      name = listed.length === 1 ? (listed[0]?.[0] ?? NO_NODE) : NO_NODE;
      if (name === NO_NODE || !this.#isUnit(tape, valueOf(name))) return this.wrongType(codec, tape, node);
    } else if (tape.kind(node) !== "string") {
      return this.wrongType(codec, tape, node);
    }
    const text = stringText(tape, name);
    if (codec.variants.includes(text)) return text;
    return this.refuse("unknownVariant", tape, name, `expected ${expectedText(codec)}, found ${describeValue(tape, name)}`);
  }

  /** Whether a value can stand for "nothing more": null, and inside a tagged union, whose content the runtime holds back, an empty object. */
  #isUnit(tape: Tape, node: NodeId): boolean {
    if (tape.kind(node) === "null") return true;
    return this.#variants > 0 && tape.kind(node) === "object" && firstKey(tape, node) === NO_NODE;
  }

  #tagged(codec: Extract<Codec, { kind: "tagged" }>, tape: Tape, node: NodeId): unknown {
    const kind = tape.kind(node);
    if (kind !== "object" && kind !== "array") return this.wrongType(codec, tape, node);
    if (!this.checkFreeValue(tape, node)) return REFUSED;
    let tag = NO_NODE;
    if (kind === "array") tag = firstElement(tape, node);
    else {
      for (const [key, value] of members(tape, node)) if (stringText(tape, key) === codec.tag) tag = value;
    }
    if (tag === NO_NODE) return this.refuse("missingField", tape, node, `the key ${codec.tag} is missing`);
    const name = this.#tagName(codec, tape, tag);
    if (name === undefined) return this.wrongType({ kind: "str" }, tape, tag);
    const variant = codec.variants.get(name);
    if (variant === undefined) {
      const known = [...codec.variants.keys()].join(", ");
      return this.refuse("unknownVariant", tape, tag, `expected one of ${known}, found ${describeValue(tape, tag)}`);
    }
    this.#variants++;
    const value = decodeStruct(this, variant, tape, node, tag);
    this.#variants--;
    if (value !== REFUSED) (value as Record<string, unknown>)[codec.tag] = name;
    return value;
  }

  /** A variant's name by its tag: the name itself or, inside another tagged union, its number. Undefined when the tag is neither. */
  #tagName(codec: Extract<Codec, { kind: "tagged" }>, tape: Tape, tag: NodeId): string | undefined {
    if (tape.kind(tag) === "string") return stringText(tape, tag);
    const number = this.#variants > 0 ? integerOf(tape, tag) : undefined;
    return number === undefined ? undefined : [...codec.variants.keys()][Number(number)];
  }

  /** The members of an object; of a value already read, only the last of repeated ones. */
  members(tape: Tape, node: NodeId): Iterable<readonly [key: NodeId, value: NodeId]> {
    if (this.options.source === "text") return members(tape, node);
    const last = new Map<string, readonly [NodeId, NodeId]>();
    for (const member of members(tape, node)) last.set(stringText(tape, member[0]), member);
    return last.values();
  }

  /** Notes that a field of the struct at the present path could not be read whole. */
  markForeign(name: string): void {
    this.#foreign.push(String(this.#path[0] ?? name));
  }

  /**
   * Reads a member of an object. What an earlier value of the same key could not be read for no longer counts.
   *
   * @param ranges by key, which marks its value left; kept by the caller for one object
   */
  member<K>(key: K, ranges: Map<K, readonly [from: number, to: number]>, read: () => unknown): unknown {
    const [from, to] = ranges.get(key) ?? [0, 0];
    for (let mark = from; mark < to; mark++) this.#foreign[mark] = undefined;
    const start = this.#foreign.length;
    const value = read();
    if (this.#foreign.length > start) ranges.set(key, [start, this.#foreign.length]);
    return value;
  }

  /** Opens a container; false, with a problem, where the nesting limit is passed. */
  enter(tape: Tape, node: NodeId): boolean {
    this.#depth++;
    if (this.#depth <= MAX_DEPTH || this.options.source === "value") return true;
    this.refuse("tooDeep", tape, node, `nested deeper than ${MAX_DEPTH} levels`);
    this.#depth--;
    return false;
  }

  /** Closes the container last opened, and passes on what was read. */
  leave<T>(value: T): T {
    this.#depth--;
    return value;
  }
}
