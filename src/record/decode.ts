/**
 * Reads a value off the tape by its codec. Strict reading accepts exactly what the runtime accepts and stops at the first fault; tolerant
 * reading takes what it can, notes every fault with its place and leaves the default where nothing could be read (run record format,
 * reading JSON).
 */
import {
  elements,
  firstElement,
  firstKey,
  hasLoneSurrogate,
  isIntegerLiteral,
  members,
  nextElement,
  nextKey,
  numberText,
  stringText,
  valueOf,
} from "../json/cursor.ts";
import { readFloat } from "../json/floatText.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import { defaultValue, expectedText } from "./codec.ts";
import type { Codec, FieldCodec, StructCodec } from "./codec.ts";
import { decodePolicyRule } from "./decodePolicyRule.ts";
import { describeValue } from "./describeValue.ts";
import { expandRawValues, freeValueFault, MAX_DEPTH } from "./freeValue.ts";
import { Origins } from "./Origins.ts";
import { pathText } from "./Problem.ts";
import type { Problem, ProblemCode } from "./Problem.ts";

export interface DecodeOptions {
  /**
   * "text": a repeated key of a struct is refused, nesting is limited. "value": the JSON was already read as a free value, in which the
   * last of repeated keys has won.
   */
  readonly source: "text" | "value";
  readonly tolerant: boolean;
}

/** Nothing could be read; a problem says why. */
export const REFUSED = Symbol("refused");

const MIN_I64 = -9223372036854775808n;
const MAX_I64 = 9223372036854775807n;
const MAX_U64 = 18446744073709551615n;

export class Decoder {
  readonly problems: Problem[] = [];
  readonly origins = new Origins();
  /** Top-level fields in which something could not be read: what depends on them is not derived. */
  readonly foreignRoots = new Set<string>();
  readonly options: DecodeOptions;
  readonly #path: (string | number)[] = [];
  /** Containers open around the value being read. */
  #depth = 0;

  constructor(options: DecodeOptions) {
    this.options = options;
  }

  /** The value in the shape its codec's schema infers, or {@link REFUSED}. */
  decode(codec: Codec, tape: Tape, node: NodeId): unknown {
    switch (codec.kind) {
      case "str":
        return this.#string(codec, tape, node);
      case "bool": {
        const kind = tape.kind(node);
        return kind === "true" || kind === "false" ? kind === "true" : this.wrongType(codec, tape, node);
      }
      case "int":
        return this.#integer(codec, tape, node);
      case "f64":
        return this.#float(codec, tape, node);
      case "any":
        return this.#any(tape, node);
      case "uuid":
        return this.#uuid(codec, tape, node);
      case "policyAction":
        return this.policyAction(tape, node);
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
    this.problems.push({ severity, code, path: [...this.#path], start: tape.start(node), end: tape.end(node), message });
    return REFUSED;
  }

  wrongType(codec: Codec, tape: Tape, node: NodeId): typeof REFUSED {
    return this.refuse("wrongType", tape, node, `expected ${expectedText(codec)}, found ${describeValue(tape, node)}`);
  }

  /** A free value must be one the runtime can hold; tolerant reading keeps it all the same. False when it is refused. */
  checkFreeValue(tape: Tape, node: NodeId): boolean {
    const fault = freeValueFault(tape, node, this.options.source === "text" ? this.#depth : null);
    if (fault === undefined) return true;
    this.refuse(fault.code, tape, fault.node, fault.message);
    return this.options.tolerant;
  }

  #string(codec: Codec, tape: Tape, node: NodeId): unknown {
    if (tape.kind(node) !== "string") return this.wrongType(codec, tape, node);
    if (hasLoneSurrogate(tape, node)) return this.refuse("loneSurrogate", tape, node, "half of a surrogate pair in a string");
    return stringText(tape, node);
  }

  #integer(codec: Extract<Codec, { kind: "int" }>, tape: Tape, node: NodeId): unknown {
    if (tape.kind(node) !== "number" || !isIntegerLiteral(tape, node)) return this.wrongType(codec, tape, node);
    const text = numberText(tape, node);
    const value = BigInt(text);
    const [lowest, highest] = codec.width === "i64" ? [MIN_I64, MAX_I64] : [0n, MAX_U64];
    if (value < lowest || value > highest) return this.refuse("outOfRange", tape, node, `the number ${text} does not fit ${codec.width}`);
    return value;
  }

  #float(codec: Codec, tape: Tape, node: NodeId): unknown {
    if (tape.kind(node) !== "number") return this.wrongType(codec, tape, node);
    const value = readFloat(numberText(tape, node));
    return value ?? this.refuse("outOfRange", tape, node, `the number ${numberText(tape, node)} is out of range`);
  }

  #any(tape: Tape, node: NodeId): unknown {
    if (!this.checkFreeValue(tape, node)) return REFUSED;
    const slice = { tape, node };
    if (this.options.tolerant) return slice;
    const expanded = expandRawValues(slice);
    return "code" in expanded ? this.refuse(expanded.code, tape, expanded.node, expanded.message) : expanded;
  }

  #uuid(codec: Codec, tape: Tape, node: NodeId): unknown {
    if (tape.kind(node) !== "string") return this.wrongType(codec, tape, node);
    const text = stringText(tape, node);
    const hex =
      /^(?:\{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}|(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|([0-9a-f]{32}))$/i.exec(
        text,
      );
    if (hex === null) return this.wrongType(codec, tape, node);
    const digits = (hex[1] ?? hex[2] ?? hex[3] ?? "").replaceAll("-", "").toLowerCase();
    return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join("-");
  }

  /** The canonical word of an action's synonyms (run record format, PolicyAction). */
  policyAction(tape: Tape, node: NodeId): string | typeof REFUSED {
    if (tape.kind(node) !== "string") return this.wrongType({ kind: "policyAction" }, tape, node);
    const action = POLICY_ACTIONS.get(stringText(tape, node));
    return (
      action ??
      this.refuse("unknownVariant", tape, node, `expected allow, ask, require_approval or deny, found ${describeValue(tape, node)}`)
    );
  }

  #stringOrList(codec: Codec, tape: Tape, node: NodeId): unknown {
    switch (tape.kind(node)) {
      case "null":
        return [];
      case "string": {
        const text = this.#string(codec, tape, node);
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
    for (const [key, element] of members(tape, node)) {
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
      name = firstKey(tape, node);
      if (name === NO_NODE || tape.kind(valueOf(name)) !== "null" || nextKey(tape, node, name) !== NO_NODE) {
        return this.wrongType(codec, tape, node);
      }
    } else if (tape.kind(node) !== "string") {
      return this.wrongType(codec, tape, node);
    }
    const text = stringText(tape, name);
    if (codec.variants.includes(text)) return text;
    return this.refuse("unknownVariant", tape, name, `expected ${expectedText(codec)}, found ${describeValue(tape, name)}`);
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
    if (tape.kind(tag) !== "string") return this.wrongType({ kind: "str" }, tape, tag);
    const variant = codec.variants.get(stringText(tape, tag));
    if (variant === undefined) {
      const known = [...codec.variants.keys()].join(", ");
      return this.refuse("unknownVariant", tape, tag, `expected one of ${known}, found ${describeValue(tape, tag)}`);
    }
    return this.#struct(variant, tape, node);
  }

  #struct(codec: StructCodec, tape: Tape, node: NodeId): unknown {
    const kind = tape.kind(node);
    if (kind !== "object" && kind !== "array") return this.wrongType(codec, tape, node);
    if (!this.#enter(tape, node)) return REFUSED;
    const value: Record<string, unknown> = {};
    for (const field of codec.fields) value[field.name] = undefined;
    const origin = this.origins.set(value, tape, node);
    const complete =
      kind === "object"
        ? this.#members(codec, tape, node, value, origin.foreign)
        : this.#positions(codec, tape, node, value, origin.foreign);
    if (!complete && !this.options.tolerant) return this.#leave(REFUSED);
    for (const field of codec.fields) if (value[field.name] === undefined) value[field.name] = defaultValue(field.codec);
    return this.#leave(value);
  }

  /** Reads an object's members into their fields. False at the first fault of strict reading. */
  #members(codec: StructCodec, tape: Tape, node: NodeId, target: Record<string, unknown>, foreign: Set<string>): boolean {
    const spellings = new Map<FieldCodec, string>();
    for (const [key, element] of members(tape, node)) {
      const name = this.#key(tape, key);
      if (name === REFUSED) {
        if (this.options.tolerant) continue;
        return false;
      }
      const field = codec.byKey.get(name);
      if (field === undefined) continue;
      const earlier = spellings.get(field);
      if (earlier !== undefined && (this.options.source === "text" || earlier !== name)) {
        this.refuse("duplicateField", tape, key, `the key ${JSON.stringify(field.name)} stands here a second time`);
        if (!this.options.tolerant) return false;
      }
      spellings.set(field, name);
      if (!this.#field(field, tape, element, target, foreign)) return false;
    }
    for (const field of codec.fields) {
      if (spellings.has(field) || this.#mayBeMissing(codec, field)) continue;
      this.refuse("missingField", tape, node, `the key ${JSON.stringify(field.name)} is missing`);
      if (!this.options.tolerant) return false;
    }
    return true;
  }

  #mayBeMissing(codec: StructCodec, field: FieldCodec): boolean {
    return codec.containerDefault || field.optional || field.codec.kind === "nullable";
  }

  /** Reads an array's elements into the fields in table order (run record format, arrays instead of objects). */
  #positions(codec: StructCodec, tape: Tape, node: NodeId, target: Record<string, unknown>, foreign: Set<string>): boolean {
    let index = 0;
    for (const element of elements(tape, node)) {
      const field = codec.fields[index++];
      if (field === undefined) {
        this.refuse(
          "tooManyElements",
          tape,
          element,
          `struct ${codec.name} has ${codec.fields.length} fields; this element is one too many`,
        );
        return false;
      }
      if (!this.#field(field, tape, element, target, foreign)) return false;
    }
    const missing = codec.containerDefault ? undefined : codec.fields.slice(index).find((field) => !field.optional);
    if (missing === undefined) return true;
    this.refuse("missingField", tape, node, `the element for ${JSON.stringify(missing.name)} is missing`);
    return false;
  }

  #field(field: FieldCodec, tape: Tape, element: NodeId, target: Record<string, unknown>, foreign: Set<string>): boolean {
    const value = this.at(field.name, field.codec, tape, element);
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

const POLICY_ACTIONS = new Map([
  ...["allow", "approve", "auto_approve"].map((word) => [word, "allow"] as const),
  ...["ask", "approval", "require_approval", "requires_approval"].map((word) => [word, "ask"] as const),
  ...["deny", "block", "auto_deny"].map((word) => [word, "deny"] as const),
]);

/** A problem as one line: path and sentence. */
export function problemText(problem: Problem): string {
  return `${pathText(problem.path)}: ${problem.message}`;
}
