import { LineIndex } from "../json/LineIndex.ts";
import type { Tape } from "../json/Tape.ts";
import type { RecordReading } from "../record/readRecord.ts";
import { openedView } from "../view/openedView.ts";
import { RunTree } from "../view/RunTree.ts";
import type { OpenedView } from "../view/types.ts";

/** A 0-based place as editors count it: columns in UTF-16 units. */
export interface EditorPosition {
  readonly line: number;
  readonly character: number;
}

/** One revision of a document: its bytes and everything derived from them. */
export class DocumentState {
  readonly tape: Tape;
  readonly reading: RecordReading;
  readonly lines: LineIndex;
  readonly tree: RunTree;
  readonly view: OpenedView;

  constructor(reading: RecordReading, fileName: string, revision: number) {
    this.tape = reading.tape;
    this.reading = reading;
    this.lines = new LineIndex(reading.tape.bytes);
    this.tree = new RunTree(reading);
    this.view = openedView(reading, this.tree, { fileName, revision });
  }

  get bytes(): Uint8Array {
    return this.tape.bytes;
  }
}

/** Where a byte stands in an editor, which does not count a byte order mark. */
export function editorPosition(tape: Tape, lines: LineIndex, offset: number): EditorPosition {
  const { line, column } = lines.positionAt(offset);
  const mark = tape.hasBom && line === 1 ? 1 : 0;
  return { line: line - 1, character: Math.max(0, column - 1 - mark) };
}

/** The byte at an editor's place. */
export function editorOffset(tape: Tape, lines: LineIndex, { line, character }: EditorPosition): number {
  const mark = tape.hasBom && line === 0 ? 1 : 0;
  return lines.offsetAt(line + 1, character + 1 + mark);
}
