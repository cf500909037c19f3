/**
 * A policy rule is read by steps of its own: several spellings of the matcher, shorthands for the action (run record format, PolicyRule).
 * The rule is first read as a free object, so the last of repeated keys wins.
 */
import { members, sliceBytes, stringText } from "../json/cursor.ts";
import { compareBytes } from "../json/compareBytes.ts";
import { JsonWriter } from "../json/JsonWriter.ts";
import { scan } from "../json/scan.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import { compileStruct, defaultStruct } from "./codec.ts";
import type { StructCodec } from "./codec.ts";
import { Decoder, REFUSED } from "./decode.ts";
import { decodePolicyAction } from "./decodeScalar.ts";
import { describeValue } from "./describeValue.ts";
import { expandRawValues } from "./freeValue.ts";
import { ApprovalShape, PolicyRuleMatch } from "./schema/policy.ts";

const SHORTHANDS = [
  ["deny", "deny"],
  ["ask", "ask"],
  ["require_approval", "ask"],
  ["allow", "allow"],
] as const;

/** Reads a rule; refuses it as a whole when any step fails. */
export function decodePolicyRule(decoder: Decoder, codec: StructCodec, tape: Tape, node: NodeId): unknown {
  if (!decoder.checkFreeValue(tape, node)) return REFUSED;
  const expanded = expandRawValues({ tape, node }, decoder.options.source);
  if ("code" in expanded) return decoder.refuse(expanded.code, tape, expanded.node, expanded.message);
  if (expanded.tape.kind(expanded.node) !== "object") return decoder.wrongType(codec, tape, node);
  if (expanded.tape === tape) return decodeMembers(decoder, tape, node);
  const inner = new Decoder({ source: "value", tolerant: false });
  const rule = decodeMembers(inner, expanded.tape, expanded.node);
  return rule === REFUSED ? decoder.refuse("policyRule", tape, node, inner.problems[0]?.message ?? "unreadable") : rule;
}

function decodeMembers(decoder: Decoder, tape: Tape, node: NodeId): unknown {
  const left = new Map<string, { readonly key: NodeId; readonly value: NodeId }>();
  for (const [key, value] of members(tape, node)) left.set(stringText(tape, key), { key, value });
  const take = (name: string): NodeId | undefined => {
    const member = left.get(name);
    left.delete(name);
    return member?.value;
  };
  const textOrNull = (value: NodeId | undefined): string | null =>
    value !== undefined && tape.kind(value) === "string" ? stringText(tape, value) : null;

  const id = textOrNull(take("id") ?? take("name"));
  const reason = textOrNull(take("reason"));

  const approvalNode = take("approval");
  const approvalCodec = compileStruct(ApprovalShape);
  const approval = approvalNode === undefined ? defaultStruct(approvalCodec) : fromValue(decoder, approvalCodec, tape, approvalNode);
  if (approval === REFUSED) return REFUSED;

  const actionNode = take("action");
  let action: unknown;
  if (actionNode !== undefined) {
    action = decodePolicyAction(decoder, tape, actionNode);
    if (action === REFUSED) return REFUSED;
  }

  let matcher: NodeId | undefined;
  for (const name of ["match", "matches", "when"]) {
    if (!left.has(name)) continue;
    matcher = take(name);
    break;
  }

  for (const [shorthand, meaning] of SHORTHANDS) {
    const value = take(shorthand);
    if (value === undefined) continue;
    if (action !== undefined)
      return decoder.refuse("policyRule", tape, node, "a policy rule says its action once: action, or one of allow, ask, deny");
    action = meaning;
    matcher = value;
  }

  let match: unknown;
  if (matcher !== undefined) {
    if (left.size > 0) {
      const names = [...left.keys()].sort(compareBytes).join(", ");
      return decoder.refuse("policyRule", tape, node, `a policy rule has matcher fields outside its matcher: ${names}`);
    }
    match = decodeMatcher(decoder, tape, matcher);
  } else if (left.size > 0) {
    const rest = new JsonWriter("compact");
    rest.beginObject();
    for (const { key, value } of left.values()) {
      rest.keyRaw(tape, key);
      const bytes = sliceBytes(tape, value);
      rest.raw(bytes, 0, bytes.length);
    }
    rest.endObject();
    match = decodeMatcher(decoder, scan(rest.finish()), 0, { tape, node });
  } else {
    match = defaultStruct(compileStruct(PolicyRuleMatch));
  }
  if (match === REFUSED) return REFUSED;
  if (action === undefined) return decoder.refuse("policyRule", tape, node, "a policy rule needs an action, or one of allow, ask, deny");
  const rule = { id, action, match, reason, approval };
  decoder.origins.set(rule, tape, node);
  return rule;
}

function decodeMatcher(decoder: Decoder, tape: Tape, node: NodeId, place = { tape, node }): unknown {
  const codec = compileStruct(PolicyRuleMatch);
  switch (tape.kind(node)) {
    case "null":
    case "true":
      return defaultStruct(codec);
    case "string":
      return { ...defaultStruct(codec), tool: [stringText(tape, node)] };
    case "array": {
      const tools = decoder.decode({ kind: "list", element: { kind: "str" } }, tape, node);
      return tools === REFUSED ? REFUSED : { ...defaultStruct(codec), tool: tools };
    }
    case "object":
      return fromValue(decoder, codec, tape, node, place);
    default:
      return decoder.refuse(
        "policyRule",
        place.tape,
        place.node,
        `a matcher is a string, a list or an object, found ${describeValue(tape, node)}`,
      );
  }
}

/** Reads a struct from a value already taken in; its faults are told at the rule, as the runtime does. */
function fromValue(decoder: Decoder, codec: StructCodec, tape: Tape, node: NodeId, place = { tape, node }): unknown {
  const inner = new Decoder({ source: "value", tolerant: false });
  const value = inner.decode(codec, tape, node);
  const problem = inner.problems[0];
  if (problem !== undefined || value === REFUSED)
    return decoder.refuse("policyRule", place.tape, place.node, problem?.message ?? "unreadable");
  if (typeof value === "object" && value !== null) decoder.origins.adopt(inner.origins, value);
  return value;
}
