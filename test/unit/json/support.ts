import * as fc from "fast-check";
import { elements, members, numberText, stringText } from "../../../src/json/cursor.ts";
import { scan } from "../../../src/json/scan.ts";
import type { NodeId, Tape } from "../../../src/json/Tape.ts";

const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

export function scanText(text: string): Tape {
  return scan(utf8(text));
}

/** `JSON.parse` of bytes, a leading U+FEFF left in place; `undefined` when it refuses. */
export function parsed(bytes: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)) as unknown };
  } catch {
    return undefined;
  }
}

/** The JavaScript value that `JSON.parse` would make, built from the tape. Objects get no prototype setter trouble with `__proto__`. */
export function valueOnTape(tape: Tape, node: NodeId): unknown {
  switch (tape.kind(node)) {
    case "object": {
      const object: Record<string, unknown> = {};
      for (const [key, value] of members(tape, node)) {
        Object.defineProperty(object, stringText(tape, key), {
          value: valueOnTape(tape, value),
          enumerable: true,
          configurable: true,
          writable: true,
        });
      }
      return object;
    }
    case "array":
      return [...elements(tape, node)].map((element) => valueOnTape(tape, element));
    case "string":
      return stringText(tape, node);
    case "number":
      return Number(numberText(tape, node));
    case "true":
      return true;
    case "false":
      return false;
    case "null":
      return null;
  }
}

/** Any text of JavaScript, lone surrogates and control characters included. */
export const anyString = fc.string({ unit: "binary", maxLength: 40 });
export const wellFormedString = fc.string({
  unit: fc.oneof(
    fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 1 }),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
  ),
  maxLength: 30,
});

export const jsonValue = fc.jsonValue({ maxDepth: 5, stringUnit: "binary" });

/** JSON text in more spellings than `JSON.stringify` has: white space, escapes, number forms, repeated keys. */
export const jsonText: fc.Arbitrary<string> = fc
  .record({ value: jsonValue, seed: fc.infiniteStream(fc.nat(99)) })
  .map(({ value, seed }) => {
    const pick = (): number => seed.next().value as number;
    const space = (): string => [" ", "\n", "\t", "\r\n", "  \n    ", "", "", "", ""][pick() % 9] ?? "";
    const quote = (text: string): string =>
      JSON.stringify(text).replace(/[a-z/]/g, (letter, at: number, whole: string) =>
        whole[at - 1] === "\\" || pick() > 5 || /\\u[0-9a-f]{0,3}$/.test(whole.slice(Math.max(0, at - 5), at))
          ? letter
          : letter === "/"
            ? "\\/"
            : `\\u00${letter.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`,
      );
    const write = (item: unknown): string => {
      if (typeof item === "string") return quote(item);
      if (typeof item === "number")
        return [JSON.stringify(item), item.toExponential().replace("e", "E"), JSON.stringify(item)][pick() % 3] ?? "0";
      if (Array.isArray(item)) return `[${space()}${item.map((one) => write(one)).join(`${space()},${space()}`)}${space()}]`;
      if (typeof item === "object" && item !== null) {
        const list = Object.entries(item).map(([key, one]) => `${quote(key)}${space()}:${space()}${write(one)}`);
        if (list.length > 0 && pick() < 10) list.push(list[0] ?? "");
        return `{${space()}${list.join(`${space()},${space()}`)}${space()}}`;
      }
      return String(item);
    };
    return space() + write(value) + space();
  });
