/**
 * Reads a value off the tape by its codec. Strict reading accepts exactly what the runtime accepts and stops at the first fault; tolerant
 * reading takes what it can, notes every fault with its place and leaves the default where nothing could be read (run record format,
 * reading JSON).
 */
import { elements, firstElement, firstKey, hasLoneSurrogate, members, nextElement, stringText, valueOf } from "../json/cursor.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import { expectedText } from "./codec.ts";
import type { Codec, FieldCodec, StructCodec } from "./codec.ts";
import { decodePolicyRule } from "./decodePolicyRule.ts";
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
  /** Top-level fields in which something could not be read: what depends on them is not derived. */
  readonly foreignRoots = new Set<string>();
  readonly options: DecodeOptions;
  /** Faults that were met but are not in `problems`. */
  unlisted = 0;
  readonly #path: (string | number)[] = [];
  /** Containers open around the value being read. */
  #depth = 0;
  /** Variants of tagged unions open around the value being read. */
  #variants = 0;
  /** Tag of the variant being read: told by then, in whatever spelling. */
  #tag = NO_NODE;

  constructor(options: DecodeOptions) {
    this.options = options;
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
        return codec.isPolicyRule ? decodePolicyRule(this, codec, tape, node) : this.#struct(codec, tape, node);
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
    if (!this.#enter(tape, node)) return REFUSED;
    const values: unknown[] = [];
    let index = 0;
    for (let element = firstElement(tape, node); element !== NO_NODE; element = nextElement(tape, node, element)) {
      const value = this.at(index++, codec.element, tape, element);
      if (value !== REFUSED) values.push(value);
      else if (this.options.tolerant) this.origins.markIncomplete(values);
      else return this.#leave(REFUSED);
      if (this.origins.isIncomplete(value)) this.origins.markIncomplete(values);
    }
    this.origins.set(values, tape, node);
    return this.#leave(values);
  }

  #map(codec: Extract<Codec, { kind: "map" }>, tape: Tape, node: NodeId): unknown {
    if (tape.kind(node) !== "object") return this.wrongType(codec, tape, node);
    if (!this.#enter(tape, node)) return REFUSED;
    const values = new Map<string, unknown>();
    for (const [key, element] of this.#members(tape, node)) {
      const name = this.#key(tape, key);
      const value = name === REFUSED ? REFUSED : this.at(name, codec.value, tape, element);
      if (value !== REFUSED && name !== REFUSED) values.set(name, value);
      else if (this.options.tolerant) this.origins.markIncomplete(values);
      else return this.#leave(REFUSED);
      if (this.origins.isIncomplete(value)) this.origins.markIncomplete(values);
    }
    this.origins.set(values, tape, node);
    return this.#leave(values);
  }

  #key(tape: Tape, key: NodeId): string | typeof REFUSED {
    if (hasLoneSurrogate(tape, key)) return this.refuse("loneSurrogate", tape, key, "half of a surrogate pair in a key");
    return stringText(tape, key);
  }

  #enum(codec: Extract<Codec, { kind: "enum" }>, tape: Tape, node: NodeId): unknown {
    let name = node;
    if (tape.kind(node) === "object") {
      if (!this.#enter(tape, node)) return REFUSED;
      const listed = [...this.#members(tape, node)];
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
    const outer = this.#tag;
    this.#tag = tag;
    this.#variants++;
    const value = this.#struct(variant, tape, node);
    this.#variants--;
    this.#tag = outer;
    if (value !== REFUSED) (value as Record<string, unknown>)[codec.tag] = name;
    return value;
  }

  /** A variant's name by its tag: the name itself or, inside another tagged union, its number. Undefined when the tag is neither. */
  #tagName(codec: Extract<Codec, { kind: "tagged" }>, tape: Tape, tag: NodeId): string | undefined {
    if (tape.kind(tag) === "string") return stringText(tape, tag);
    const number = this.#variants > 0 ? integerOf(tape, tag) : undefined;
    return number === undefined ? undefined : [...codec.variants.keys()][Number(number)];
  }

  #struct(codec: StructCodec, tape: Tape, node: NodeId): unknown {
    const kind = tape.kind(node);
    if (kind !== "object" && kind !== "array") return this.wrongType(codec, tape, node);
    if (!this.#enter(tape, node)) return REFUSED;
    const value: Record<string, unknown> = {};
    for (const field of codec.fields) value[field.name] = undefined;
    const target: Target = { codec, tape, node, value, foreign: this.origins.set(value, tape, node).foreign };
    const whole = kind === "object" ? this.#fields(target) : this.#positions(target);
    if (!whole) {
      if (!this.options.tolerant) return this.#leave(REFUSED);
      this.origins.markIncomplete(value);
    }
    for (const field of codec.fields) if (value[field.name] === undefined) value[field.name] = field.initial();
    return this.#leave(value);
  }

  /** Reads an object's members into their fields. False at the first fault of strict reading, and when required keys are missing. */
  #fields(target: Target): boolean {
    const { codec, tape, node } = target;
    const spellings = new Map<FieldCodec, string>();
    for (const [key, element] of this.#members(tape, node)) {
      const name = this.#key(tape, key);
      if (name === REFUSED) {
        if (this.options.tolerant) continue;
        return false;
      }
      const field = codec.byKey.get(name);
      if (field === undefined) continue;
      if (spellings.has(field)) {
        this.refuse("duplicateField", tape, key, `the key ${JSON.stringify(field.name)} stands here a second time`);
        if (!this.options.tolerant) return false;
      }
      spellings.set(field, name);
      if (!this.#field(field, element, target)) return false;
    }
    const missing = codec.fields.filter((field) => !spellings.has(field) && !this.#mayBeMissing(codec, field));
    for (const { name } of missing) this.refuse("missingField", tape, node, `the key ${JSON.stringify(name)} is missing`);
    return missing.length === 0;
  }

  /** The members of an object; of a value already read, only the last of repeated ones. */
  #members(tape: Tape, node: NodeId): Iterable<readonly [key: NodeId, value: NodeId]> {
    if (this.options.source === "text") return members(tape, node);
    const last = new Map<string, readonly [NodeId, NodeId]>();
    for (const member of members(tape, node)) last.set(stringText(tape, member[0]), member);
    return last.values();
  }

  #mayBeMissing(codec: StructCodec, field: FieldCodec): boolean {
    return codec.containerDefault || field.optional || field.codec.kind === "nullable";
  }

  /** Reads an array's elements into the fields in table order (run record format, arrays instead of objects). */
  #positions(target: Target): boolean {
    const { codec, tape, node } = target;
    let index = 0;
    for (const element of elements(tape, node)) {
      const field = codec.fields[index++];
      if (field === undefined) {
        const message = `struct ${codec.name} has ${codec.fields.length} fields; this element is one too many`;
        this.refuse("tooManyElements", tape, element, message);
        return false;
      }
      if (!this.#field(field, element, target)) return false;
    }
    const missing = codec.containerDefault ? undefined : codec.fields.slice(index).find((field) => !field.optional);
    if (missing === undefined) return true;
    this.refuse("missingField", tape, node, `the element for ${JSON.stringify(missing.name)} is missing`);
    return false;
  }

  #field(field: FieldCodec, element: NodeId, { tape, value: target, foreign }: Target): boolean {
    const value = element === this.#tag ? "" : this.at(field.name, field.codec, tape, element);
    foreign.delete(field.name);
    if (value === REFUSED) {
      target[field.name] = undefined;
      this.#markForeign(field.name, foreign);
      return this.options.tolerant;
    }
    target[field.name] = value;
    if (this.origins.isIncomplete(value)) this.#markForeign(field.name, foreign);
    return true;
  }

  #markForeign(name: string, foreign: Set<string>): void {
    foreign.add(name);
    this.foreignRoots.add(String(this.#path[0] ?? name));
  }

  #enter(tape: Tape, node: NodeId): boolean {
    this.#depth++;
    if (this.#depth <= MAX_DEPTH || this.options.source === "value") return true;
    this.refuse("tooDeep", tape, node, `nested deeper than ${MAX_DEPTH} levels`);
    this.#depth--;
    return false;
  }

  #leave<T>(value: T): T {
    this.#depth--;
    return value;
  }
}

/** A struct being read. */
interface Target {
  readonly codec: StructCodec;
  readonly tape: Tape;
  readonly node: NodeId;
  readonly value: Record<string, unknown>;
  readonly foreign: Set<string>;
}
