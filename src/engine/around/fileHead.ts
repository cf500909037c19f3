import { scan } from "../../json/scan.ts";
import type { FileHead } from "../../view/files/FileFacts.ts";
import { containerAt, textAt } from "../../view/tapeFields.ts";

/** Bytes of a file's beginning that are read to tell what it is. */
export const HEAD_BYTES = 64 << 10;

/** What the beginning of a JSON file tells; null where it is no JSON object. The text may end anywhere. */
export function fileHead(bytes: Uint8Array): FileHead | null {
  const tape = scan(bytes);
  if (tape.nodeCount === 0 || tape.kind(0) !== "object") return null;
  const text = (name: string): string => textAt(tape, 0, name) ?? "";
  const run = containerAt(tape, 0, "run", "object");
  return { type: text("_type") || text("schema"), id: text("id"), status: text("status") || (textAt(tape, run, "status") ?? "") };
}
