import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { prepareNormalize, prepareSave } from "../../../src/record/prepareSave.ts";
import type { Prepared } from "../../../src/record/prepareSave.ts";
import type { Refused } from "../../../src/record/readStrictly.ts";
import { portsWith, textOf, utf8 } from "./builders.ts";

interface Case {
  readonly name: string;
  readonly op: string;
  readonly expect: { readonly text?: string };
}

/** Texts that the runtime itself wrote. */
function runtimeTexts(): [name: string, text: string][] {
  const packs = ["record.jsonl", "extra.jsonl", "samples.jsonl.gz", "fuzz.jsonl.gz"].map((name) => {
    const bytes = readFileSync(new URL(`../../oracle/${name}`, import.meta.url));
    return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  });
  const cases = packs.flatMap((pack) => pack.split("\n").filter((line) => line !== "")).map((line) => JSON.parse(line) as Case);
  return cases.flatMap(({ name, op, expect: { text } }): [string, string][] =>
    ["load", "normalize", "save"].includes(op) && text !== undefined ? [[name, text]] : [],
  );
}

const SAYS_SO = /second save|next (one|save)/;

/** The text of a preparation, or the reason it was refused. */
function outcome(made: Prepared | Refused): string {
  return made.ok ? textOf(made.bytes) : made.message;
}

describe("a text that the runtime wrote", () => {
  const texts = runtimeTexts();

  test("is there to be looked at", () => {
    expect(texts.length).toBeGreaterThan(1000);
  });

  test("comes out the same in both fidelities, but for numbers that its reader moves", async () => {
    let compared = 0;
    for (const [name, text] of texts) {
      const bytes = utf8(text);
      for (const operation of ["save", "normalize"] as const) {
        const make = (kind: "runtime" | "lossless"): Promise<Prepared | Refused> => {
          const options = { fidelity: kind, rederive: false };
          return operation === "save"
            ? prepareSave(bytes, { ...options, path: "runs/r.json" }, portsWith())
            : prepareNormalize(bytes, options, portsWith());
        };
        const [runtime, lossless] = [await make("runtime"), await make("lossless")];
        if (!runtime.ok || runtime.notes.some((note) => SAYS_SO.test(note)) || movesNumbers(text)) continue;
        compared++;
        expect(outcome(lossless), `${name} ${operation}`).toBe(outcome(runtime));
      }
    }
    expect(compared).toBeGreaterThan(1500);
  });
});

/** Whether the text has a float of so many digits that the runtime's reader may give a neighbour of it, or an integer beyond i64. */
function movesNumbers(text: string): boolean {
  return /\d[\d.]{15,}/.test(text);
}
