import * as vscode from "vscode";
import { engineErrorOf } from "./Engine.ts";
import { megabytes, messages, TEXT_LIMIT_BYTES } from "./messages.ts";
import type { RecordSession } from "./RecordSession.ts";
import type { RecordSessions } from "./RecordSessions.ts";

/** Scheme of the read-only texts of a comparison. Their names end in `.txt`, so that no pattern of our editors matches them. */
const scheme = "run-record-preview";

type Side =
  | { readonly side: "before" | "after"; readonly token: string }
  /** The file as it is on disk now, and the document as it is in the editor now. */
  | { readonly side: "disk" | "editor" };

/** Gives VS Code the texts that its diff editor compares. */
export class PreviewText implements vscode.TextDocumentContentProvider {
  private readonly sessions: RecordSessions;

  private constructor(sessions: RecordSessions) {
    this.sessions = sessions;
  }

  static register(sessions: RecordSessions): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(scheme, new PreviewText(sessions));
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const asked = readQuery(uri.query);
    const session = asked === null ? null : this.sessions.find(vscode.Uri.parse(asked.doc, true));
    if (asked === null || session === null) return messages.previewGone;
    try {
      const bytes = await bytesOf(session, asked);
      return bytes.byteLength > TEXT_LIMIT_BYTES
        ? messages.tooLargeToCompare(megabytes(bytes.byteLength))
        : new TextDecoder().decode(bytes);
    } catch (thrown) {
      const { code, message } = engineErrorOf(thrown);
      return code === "stale" ? messages.previewGone : message;
    }
  }
}

/** Opens the two texts of a preview side by side. */
export async function comparePreview(uri: vscode.Uri, token: string, what: string): Promise<void> {
  await compare(uri, { side: "before", token }, { side: "after", token }, what);
}

/** Opens the file on disk beside the unsaved document. */
export async function compareWithDisk(uri: vscode.Uri): Promise<void> {
  await compare(uri, { side: "disk" }, { side: "editor" }, "on disk ↔ unsaved");
}

async function compare(uri: vscode.Uri, before: Side, after: Side, what: string): Promise<void> {
  const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
  await vscode.commands.executeCommand("vscode.diff", sideUri(uri, before), sideUri(uri, after), `${name} (${what})`, { preview: true });
}

let opened = 0;

function sideUri(uri: vscode.Uri, side: Side): vscode.Uri {
  opened++;
  // The number keeps VS Code from showing the text of an earlier comparison.
  const query = JSON.stringify({ ...side, doc: uri.toString(), number: opened });
  return vscode.Uri.from({ scheme, path: `${uri.path}.${side.side}.txt`, query });
}

function bytesOf(session: RecordSession, asked: Side): Thenable<Uint8Array> {
  switch (asked.side) {
    case "before":
    case "after":
      return session.engine.previewText(asked.token, asked.side);
    case "disk":
      return vscode.workspace.fs.readFile(session.uri);
    case "editor":
      return session.engine.bytes();
  }
}

function readQuery(query: string): (Side & { readonly doc: string }) | null {
  try {
    const value: unknown = JSON.parse(query);
    if (typeof value !== "object" || value === null || !("doc" in value) || typeof value.doc !== "string" || !("side" in value))
      return null;
    const { doc, side } = value;
    if (side === "disk" || side === "editor") return { doc, side };
    if ((side === "before" || side === "after") && "token" in value && typeof value.token === "string") {
      return { doc, side, token: value.token };
    }
    return null;
  } catch {
    return null;
  }
}
