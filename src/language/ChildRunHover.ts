import * as vscode from "vscode";
import { DisposableBase } from "../editor/DisposableBase.ts";
import { type Engine, engineErrorOf } from "../editor/Engine.ts";
import { recordPlace } from "../editor/recordPlace.ts";
import { cardMarkdown } from "../view/cardMarkdown.ts";

const records: vscode.DocumentSelector = [
  { language: "json", pattern: "**/.harn-runs/**/*.json" },
  { language: "json", pattern: "**/*.run.json" },
];

/**
 * The card of a child run over the JSON text: on a child run, on a worker in a stage's metadata, on a `run_path`. By itself only in
 * files that are run records by their name; `everywhere` adds all other JSON.
 */
export class ChildRunHover extends DisposableBase implements vscode.HoverProvider {
  private readonly engine: Engine;
  private readonly log: vscode.LogOutputChannel;
  private inAllJson = false;

  private constructor(engine: Engine, log: vscode.LogOutputChannel) {
    super();
    this.engine = engine;
    this.log = log;
    this._register(vscode.languages.registerHoverProvider(records, this));
  }

  static register(engine: Engine, log: vscode.LogOutputChannel): ChildRunHover {
    return new ChildRunHover(engine, log);
  }

  /** From now on in every JSON text: somebody works with run records here. */
  everywhere(): void {
    if (this.inAllJson) return;
    this.inAllJson = true;
    const others = { provideHover: this.hoverElsewhere.bind(this) };
    this._register(vscode.languages.registerHoverProvider({ language: "json" }, others));
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | null> {
    const call = new AbortController();
    const listener = token.onCancellationRequested(() => call.abort());
    try {
      const answer = await this.engine.request(
        {
          kind: "hover",
          place: await recordPlace(document.uri),
          version: document.version,
          // The engine reads the saved file itself; only text that is nowhere else is sent.
          content: document.isDirty || document.uri.scheme !== "file" ? new TextEncoder().encode(document.getText()) : null,
          line: position.line,
          character: position.character,
        },
        { signal: call.signal, transfer: true },
      );
      if (answer === null) return null;
      const { startLine, startCharacter, endLine, endCharacter } = answer.range;
      return new vscode.Hover(markdown(cardMarkdown(answer.card)), new vscode.Range(startLine, startCharacter, endLine, endCharacter));
    } catch (thrown) {
      const { code, message } = engineErrorOf(thrown);
      if (code !== "cancelled") this.log.debug(`Hover in ${document.uri.path}: ${message}`);
      return null;
    } finally {
      listener.dispose();
    }
  }

  private async hoverElsewhere(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | null> {
    // The narrow selector has answered for these.
    return vscode.languages.match(records, document) > 0 ? null : this.provideHover(document, position, token);
  }
}

/** Record text in it is escaped; no command link and no HTML counts, whatever it says. */
function markdown(text: string): vscode.MarkdownString {
  const value = new vscode.MarkdownString(text, false);
  value.isTrusted = false;
  value.supportHtml = false;
  return value;
}
