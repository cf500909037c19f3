import * as vscode from "vscode";
import type { Backup } from "./backup.ts";
import { DisposableBase } from "./DisposableBase.ts";
import { FileWatch } from "./FileWatch.ts";
import { RecordSession, type SessionServices } from "./RecordSession.ts";

interface Held {
  readonly session: RecordSession;
  readonly watch: FileWatch;
  holders: number;
}

/** All open records by file: both view types and all tabs of one file share a session, which ends with its last holder. */
export class RecordSessions extends DisposableBase {
  private readonly services: SessionServices;
  private readonly held = new Map<string, Held>();
  private readonly openEvents = this._register(new vscode.EventEmitter<RecordSession>());
  /** A record was opened that was not open before. */
  readonly onDidOpen = this.openEvents.event;

  constructor(services: SessionServices) {
    super();
    this.services = services;
  }

  find(uri: vscode.Uri): RecordSession | null {
    return this.held.get(uri.toString())?.session ?? null;
  }

  /** The file's session, opened when it is not yet; `release` it exactly once. A backup counts only for a session that this call opens. */
  hold(uri: vscode.Uri, backup: Backup | null): { readonly session: RecordSession; readonly release: () => void } {
    const key = uri.toString();
    let held = this.held.get(key);
    if (held === undefined) {
      const session = new RecordSession(this.services, uri, backup);
      held = { session, watch: new FileWatch(session, this.services.log), holders: 0 };
      this.held.set(key, held);
      this.openEvents.fire(session);
    }
    const mine = held;
    mine.holders++;
    return { session: mine.session, release: () => this.release(key, mine) };
  }

  override dispose(): void {
    for (const { session, watch } of this.held.values()) {
      watch.dispose();
      session.dispose();
    }
    this.held.clear();
    super.dispose();
  }

  private release(key: string, held: Held): void {
    held.holders--;
    if (held.holders > 0 || this.held.get(key) !== held) return;
    this.held.delete(key);
    held.watch.dispose();
    held.session.dispose();
  }
}
