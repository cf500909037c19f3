import type { Codec, StructCodec } from "../../../src/record/codec.ts";
import { compileStruct } from "../../../src/record/codec.ts";
import { RunRecord } from "../../../src/record/schema/RunRecord.ts";

/** What a made-up record may hold. */
export interface RecordTextOptions {
  /** Structs as lists of their fields, aliases of keys, enums as objects. */
  readonly oddForms: boolean;
  /** Keys the format does not know. */
  readonly unknown: boolean;
  /** Repeated keys in free objects and maps. */
  readonly repeats: boolean;
  /** Values of another type: one in so many, 0 for none. */
  readonly foreign: number;
  /** Everything the runtime itself never writes is left out: keys in the format's order, all of them, canonical spellings. */
  readonly canonical?: boolean;
}

/** A field the format does not know, as it stands in the text. */
export interface UnknownField {
  readonly key: string;
  readonly text: string;
}

const FLOATS = [
  "0.9280640504398593",
  "1.1640322042148132e-07",
  "2.908424194515324e-8",
  "1e2",
  "1.0",
  "-0",
  "0.1",
  "12.50",
  "3",
  "-7",
  "1E-3",
];
const FREE_NUMBERS = [
  ...FLOATS,
  "18446744073709551615",
  "9223372036854775808",
  "123456789012345678901234567890",
  "0.1000000000000000055511151231257827",
];
const STRINGS = [
  "",
  "a",
  "  padded ",
  "completed",
  "failed",
  "success",
  "ünï☃",
  "😀",
  "\\u0041\\/\\u00e9",
  "line\\nbreak",
  "\\ud83d\\ude00",
  "handoff",
  "handoff",
  "verify",
  "condition",
  "h1",
  "h2",
  "w1",
  "n1",
];
const KEYS = ["a", "b", "zz", "é", "\uffff", "😀", "x y", "trace_id", "worker", "worker_id", "handoff_id", "id", "kind"];

/**
 * Writes made-up records as text, from the description of the format. The same seed gives the same text; `size` is about how many values
 * a list or struct may hold.
 */
export class RecordText {
  readonly unknownFields: UnknownField[] = [];
  readonly #options: RecordTextOptions;
  readonly #size: number;
  #state: number;
  #marks = 0;

  constructor(seed: number, size: number, options: RecordTextOptions) {
    this.#state = seed >>> 0;
    this.#size = size;
    this.#options = options;
  }

  record(): string {
    return this.#struct(compileStruct(RunRecord), true);
  }

  #below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  #chance(oneIn: number): boolean {
    return oneIn > 0 && this.#below(oneIn) === 0;
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#below(values.length)] as T;
  }

  #list<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.#below(most + 1) }, make);
  }

  #shuffled<T>(values: readonly T[]): T[] {
    const left = [...values];
    return Array.from({ length: left.length }, () => left.splice(this.#below(left.length), 1)[0] as T);
  }

  #gap(): string {
    return this.#options.canonical === true ? "" : this.#pick(["", "", " ", "\n\t"]);
  }

  value(codec: Codec): string {
    if (this.#chance(this.#options.foreign))
      return this.#pick(["5", '"foreign"', "[[]]", '{"f":[1e2]}', "null", "true", "1e999", '"\\ud800"']);
    switch (codec.kind) {
      case "str":
        return this.#string();
      case "bool":
        return this.#pick(["true", "false"]);
      case "f64":
        return this.#pick(FLOATS);
      case "int":
        return this.#integer(codec.width);
      case "any":
        return this.free(3);
      case "uuid":
        return this.#pick([
          '"0190b8a6-7b1c-7000-8000-0123456789ab"',
          '"0190B8A67B1C700080000123456789AB"',
          '"urn:uuid:0190b8a6-7b1c-7000-8000-0123456789ab"',
        ]);
      case "policyAction":
        return this.#pick(['"allow"', '"require_approval"', '"block"']);
      case "stringOrList":
        return this.#pick(["null", '"one"', '["a","b"]']);
      case "nullable":
        return this.#chance(3) ? "null" : this.value(codec.inner);
      case "list":
        return `[${this.#gap()}${this.#list(this.#size, () => this.value(codec.element)).join(`,${this.#gap()}`)}]`;
      case "map":
        return this.#map(codec.value);
      case "enum": {
        const variant = JSON.stringify(this.#pick(codec.variants));
        return this.#options.oddForms && this.#chance(4) ? `{${variant}:null}` : variant;
      }
      case "tagged":
        return this.#tagged(codec);
      case "struct":
        return codec.isPolicyRule ? this.#policyRule() : this.#struct(codec, false);
    }
  }

  free(depth: number): string {
    switch (this.#below(depth > 0 ? 7 : 4)) {
      case 0:
        return this.#pick(FREE_NUMBERS);
      case 1:
        return this.#string();
      case 2:
        return "null";
      case 3:
        return "true";
      case 4:
        return `[${this.#list(3, () => this.free(depth - 1)).join(`,${this.#gap()}`)}]`;
      case 5:
        return this.#map({ kind: "any" });
      default:
        return this.#telling();
    }
  }

  /** Free values in which the runtime's functions find something. */
  #telling(): string {
    const handoff = `"source_persona":"p","target_persona_or_human":{"label":"x"},"task":"t","reason":"r","confidence":${this.#pick(FLOATS)}`;
    return this.#pick([
      `{"id":"w1","name":"worker","task":"t","request":{"n":1e2},"audit":{"session_id":"s"}}`,
      `{"pass":true,"score":${this.#pick(FLOATS)}}`,
      `{"id":"h1",${handoff}}`,
      `{"id":"h2","created_at":"5",${handoff}}`,
      `{"trace":{"iterations":2},"tools":{"calls":["a"]}}`,
      `{"events":[{"kind":"compaction","id":"c","metadata":{"archived_messages":3,"compaction_policy":{"x":1.50}}}]}`,
    ]);
  }

  #string(): string {
    return `"${this.#pick(STRINGS)}"`;
  }

  #integer(width: "i64" | "u32" | "u64" | "usize"): string {
    const common = ["0", "1", "42", "9223372036854775807"];
    return this.#pick(
      width === "i64" ? [...common, "-5", "-9223372036854775808"] : width === "u32" ? common : [...common, "18446744073709551615"],
    );
  }

  #map(element: Codec): string {
    const keys = this.#shuffled(KEYS).slice(0, this.#below(4));
    if (this.#options.repeats && this.#chance(4)) keys.push(...keys.slice(0, 1));
    return `{${keys.map((key) => `${this.#gap()}${JSON.stringify(key)}:${this.#gap()}${this.value(element)}`).join(",")}}`;
  }

  #tagged(codec: Extract<Codec, { kind: "tagged" }>): string {
    const [tag, variant] = this.#pick([...codec.variants]);
    const members = [`"${codec.tag}":"${tag}"`, ...variant.fields.slice(1).map(({ name }) => `"${name}":${this.#string()}`)];
    return `{${this.#shuffled([...members, ...this.#unknownMembers(["[ 1.0 ]", '{"k":"v"}'])]).join(",")}}`;
  }

  #policyRule(): string {
    return this.#pick([
      `{"id":"r","action":"allow","match":{"tools":["a"],"repeat_count_gte":3}}`,
      `{"name":"n","deny":"shell"}`,
      `{"ask":["a","b"],"reason":"why"}`,
      `{"action":"approve","path":"src","approval":{"prompt":"ok?","metadata":{"n":1.50}}}`,
    ]);
  }

  #struct(codec: StructCodec, root: boolean): string {
    const { oddForms, canonical } = this.#options;
    if (!root && oddForms && this.#chance(6)) {
      const count = codec.containerDefault ? this.#below(codec.fields.length + 1) : codec.fields.length;
      return `[${codec.fields
        .slice(0, count)
        .map(({ codec: field }) => this.value(field))
        .join(",")}]`;
    }
    const wanted = codec.fields.filter(
      (field) =>
        canonical === true || (!codec.containerDefault && !field.optional && field.codec.kind !== "nullable") || this.#chance(root ? 2 : 3),
    );
    const members = wanted.map(
      (field) => `${this.#gap()}${JSON.stringify(this.#spelling(codec, field.name))}:${this.#gap()}${this.value(field.codec)}`,
    );
    const all = [...members, ...this.#unknownMembers()];
    return `{${(canonical === true ? all : this.#shuffled(all)).join(",")}}`;
  }

  #spelling(codec: StructCodec, name: string): string {
    if (!this.#options.oddForms) return name;
    return this.#pick([...codec.byKey].filter(([, field]) => field.name === name).map(([key]) => key));
  }

  /** At most one key of its own; its value is `texts`' or one that only a skipping reader accepts. */
  #unknownMembers(texts?: readonly string[]): string[] {
    if (!this.#options.unknown || !this.#chance(3)) return [];
    const key = `x_${++this.#marks}`;
    const text = this.#pick(
      texts ?? [`{"mark":${this.#marks}, "n":1.50e1}`, `[ ${this.#marks}.0 ]`, `"\\ud800 ${this.#marks}"`, `1e99${this.#marks}`],
    );
    this.unknownFields.push({ key, text });
    return [`"${key}":${text}`];
  }
}
