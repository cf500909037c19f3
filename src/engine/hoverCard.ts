import { LineIndex } from "../json/LineIndex.ts";
import { scan } from "../json/scan.ts";
import type { Tape } from "../json/Tape.ts";
import type { EngineRequest, HoverAnswer } from "../protocol/engine.ts";
import { childCard } from "../view/childCard.ts";
import { childCardAt } from "../view/childCardAt.ts";
import { childFileFacts } from "./childFileFacts.ts";
import { editorOffset, editorPosition } from "./DocumentState.ts";
import type { Call } from "./EngineDocument.ts";
import type { EnginePorts } from "./EnginePorts.ts";

interface HoverText {
  readonly key: string;
  readonly tape: Tape;
  readonly lines: LineIndex;
}

/** Answers hovers over JSON text. Remembers the text of the last one: hovers come in rows over the same text. */
export class HoverCards {
  readonly #ports: EnginePorts;
  #last: HoverText | null = null;

  constructor(ports: EnginePorts) {
    this.#ports = ports;
  }

  /** The card of the child run under a place of a JSON text; null when there is none. */
  async answer(request: Extract<EngineRequest, { kind: "hover" }>, call: Call): Promise<HoverAnswer | null> {
    const { tape, lines } = await this.#text(request, call);
    const found = childCardAt(tape, editorOffset(tape, lines, request));
    if (found === null) return null;
    const card = childCard(found.facts, await childFileFacts(found.facts.runPath, request.place, this.#ports));
    const start = editorPosition(tape, lines, found.start);
    const end = editorPosition(tape, lines, found.end);
    return { card, range: { startLine: start.line, startCharacter: start.character, endLine: end.line, endCharacter: end.character } };
  }

  async #text({ place, version, content }: Extract<EngineRequest, { kind: "hover" }>, call: Call): Promise<HoverText> {
    const key = JSON.stringify([place.path, content === null ? await this.#stamp(place.path, call) : `version ${version}`]);
    if (this.#last?.key === key) return this.#last;
    this.#last = null;
    const bytes = content ?? (await this.#ports.readFile(place.path, call.signal));
    await call.check();
    const tape = scan(bytes);
    const text = { key, tape, lines: new LineIndex(bytes) };
    this.#last = text;
    return text;
  }

  async #stamp(path: string, call: Call): Promise<string> {
    const { size, changedMs } = await this.#ports.readHead(path, 0, call.signal);
    return `${size} ${changedMs}`;
  }
}
