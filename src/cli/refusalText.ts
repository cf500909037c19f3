import { LineIndex } from "../json/LineIndex.ts";
import { pathText } from "../record/Problem.ts";
import type { Path } from "../record/Problem.ts";

/** A refusal as one line: `runs/a.json:3:9: stages[0].id: an integer stands where …`. Columns count UTF-16 units, as editors do. */
export function refusalText(
  file: string,
  bytes: Uint8Array,
  refused: { readonly message: string; readonly path: Path; readonly offset: number },
): string {
  const place = refused.offset < 0 ? file : `${file}:${placeText(new LineIndex(bytes), refused.offset)}`;
  return refused.path.length === 0 ? `${place}: ${refused.message}` : `${place}: ${pathText(refused.path)}: ${refused.message}`;
}

/** `line:column`, both from 1. */
export function placeText(lines: LineIndex, offset: number): string {
  const { line, column } = lines.positionAt(offset);
  return `${line}:${column}`;
}
