/** Reading single values by their codec (run record format, words and conventions, numbers, UUIDs and policy actions). */
import { hasLoneSurrogate, isIntegerLiteral, numberText, stringText } from "../json/cursor.ts";
import { readFloat } from "../json/floatText.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import type { Codec } from "./codec.ts";
import type { Decoder, REFUSED } from "./decode.ts";
import { describeValue, shownNumber } from "./describeValue.ts";

const MIN_I64 = -9223372036854775808n;
const MAX_I64 = 9223372036854775807n;
const MAX_U64 = 18446744073709551615n;
const RANGES = { i64: [MIN_I64, MAX_I64], u32: [0n, 0xffffffffn], u64: [0n, MAX_U64], usize: [0n, MAX_U64] } as const;

/** Characters of the longest integer of 64 bits: JSON has no leading zeros. */
const LONGEST_INTEGER = 20;

/** An integer literal that fits 64 bits, signed or not; undefined for any other value, floats and `-0` included. */
export function integerOf(tape: Tape, node: NodeId): bigint | undefined {
  if (tape.kind(node) !== "number" || tape.end(node) - tape.start(node) > LONGEST_INTEGER) return undefined;
  if (!isIntegerLiteral(tape, node)) return undefined;
  const value = BigInt(numberText(tape, node));
  return value >= MIN_I64 && value <= MAX_U64 ? value : undefined;
}

/** A text that UTF-8 can hold. */
export function decodeString(decoder: Decoder, codec: Codec, tape: Tape, node: NodeId): string | typeof REFUSED {
  if (tape.kind(node) !== "string") return decoder.wrongType(codec, tape, node);
  if (hasLoneSurrogate(tape, node)) return decoder.refuse("loneSurrogate", tape, node, "half of a surrogate pair in a string");
  return stringText(tape, node);
}

export function decodeBoolean(decoder: Decoder, codec: Codec, tape: Tape, node: NodeId): boolean | typeof REFUSED {
  const kind = tape.kind(node);
  return kind === "true" || kind === "false" ? kind === "true" : decoder.wrongType(codec, tape, node);
}

/** An integer literal of the codec's width; `1.0` and `-0` are floats and refused. */
export function decodeInteger(decoder: Decoder, codec: Extract<Codec, { kind: "int" }>, tape: Tape, node: NodeId): bigint | typeof REFUSED {
  if (tape.kind(node) !== "number" || !isIntegerLiteral(tape, node)) return decoder.wrongType(codec, tape, node);
  const value = integerOf(tape, node);
  const [lowest, highest] = RANGES[codec.width];
  if (value !== undefined && value >= lowest && value <= highest) return value;
  return decoder.refuse("outOfRange", tape, node, `the number ${shownNumber(tape, node)} does not fit ${codec.width}`);
}

/** Any number, as the runtime reads floats. */
export function decodeFloat(decoder: Decoder, codec: Codec, tape: Tape, node: NodeId): number | typeof REFUSED {
  if (tape.kind(node) !== "number") return decoder.wrongType(codec, tape, node);
  const value = readFloat(numberText(tape, node));
  return value ?? decoder.refuse("outOfRange", tape, node, `the number ${shownNumber(tape, node)} is out of range`);
}

const HYPHENATED = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
const UUID = new RegExp(`^(?:[0-9a-fA-F]{32}|${HYPHENATED}|\\{${HYPHENATED}\\}|urn:uuid:${HYPHENATED})$`);

/** A UUID in one of its four spellings, as the lower-case hyphenated one. */
export function decodeUuid(decoder: Decoder, codec: Codec, tape: Tape, node: NodeId): string | typeof REFUSED {
  if (tape.kind(node) !== "string") return decoder.wrongType(codec, tape, node);
  const text = stringText(tape, node);
  if (!UUID.test(text)) return decoder.wrongType(codec, tape, node);
  const digits = text
    .replace(/^urn:uuid:/, "")
    .replace(/[^0-9a-fA-F]/g, "")
    .toLowerCase();
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join("-");
}

const POLICY_ACTIONS = new Map([
  ...["allow", "approve", "auto_approve"].map((word) => [word, "allow"] as const),
  ...["ask", "approval", "require_approval", "requires_approval"].map((word) => [word, "ask"] as const),
  ...["deny", "block", "auto_deny"].map((word) => [word, "deny"] as const),
]);

/** The canonical word of an action's synonyms. */
export function decodePolicyAction(decoder: Decoder, tape: Tape, node: NodeId): string | typeof REFUSED {
  if (tape.kind(node) !== "string") return decoder.wrongType({ kind: "policyAction" }, tape, node);
  const action = POLICY_ACTIONS.get(stringText(tape, node));
  if (action !== undefined) return action;
  return decoder.refuse("unknownVariant", tape, node, `expected allow, ask, require_approval or deny, found ${describeValue(tape, node)}`);
}
