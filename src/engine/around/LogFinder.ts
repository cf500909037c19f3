import type { LogChoice, RecordPlace } from "../../protocol/engine.ts";
import type { EnginePorts } from "../EnginePorts.ts";
import type { FoundLog } from "./FoundLog.ts";

/** What is told of a log that was looked for. */
export interface LogListener {
  /** Another one is read from now on, or none. Called before the one before is closed. */
  logChanged(): void;
  /** Something else is said of it. */
  logSaysOther(): void;
}

/** Keeps the event log of one record: looks for it where it is not known or went, and holds it open. */
export class LogFinder {
  readonly #place: RecordPlace;
  readonly #ports: Pick<EnginePorts, "findLog" | "lookAt">;
  readonly #signal: AbortSignal;
  readonly #listener: LogListener;
  #choice: LogChoice;
  #log: FoundLog | null = null;
  #mustFind = true;
  #finding: Promise<void> | null = null;

  /** @param signal aborted when the document is closed: nothing is opened from then on */
  constructor(
    place: RecordPlace,
    ports: Pick<EnginePorts, "findLog" | "lookAt">,
    signal: AbortSignal,
    choice: LogChoice,
    listener: LogListener,
  ) {
    this.#place = place;
    this.#ports = ports;
    this.#signal = signal;
    this.#choice = choice;
    this.#listener = listener;
  }

  /** Null while it was not looked for yet. */
  get log(): FoundLog | null {
    return this.#log;
  }

  get choice(): LogChoice {
    return this.#choice;
  }

  /** With another choice it is looked for anew, by the next `find`. */
  set choice(choice: LogChoice) {
    this.#choice = choice;
    this.#mustFind = true;
  }

  /** Whether it is to be looked for, whatever is there. */
  get isWanted(): boolean {
    return this.#mustFind && !this.#signal.aborted;
  }

  /** Looks for the log, if it is not known to be where it was. Calls at the same time are one. Rejects with the disk's errors. */
  async find(): Promise<void> {
    this.#finding ??= this.#findOnce().finally(() => {
      this.#finding = null;
    });
    await this.#finding;
    // Settings may have changed while it was being looked for.
    if (this.isWanted) await this.find();
  }

  async close(): Promise<void> {
    const log = this.#log;
    this.#log = null;
    await log?.view?.close();
  }

  async #findOnce(): Promise<void> {
    if (!this.#mustFind && (await this.#isStillThere())) return;
    this.#mustFind = false;
    const found = await this.#ports.findLog(this.#place, this.#choice);
    const before = this.#log;
    if (this.#signal.aborted) {
      await found.view?.close();
      return;
    }
    if (isSameLog(before, found)) {
      // The one that is open knows where it stopped reading.
      this.#log = { ...found, view: before?.view ?? null };
      await found.view?.close();
    } else if (before !== null && before.view === null && found.view === null) {
      this.#log = found;
    } else {
      this.#log = found;
      this.#listener.logChanged();
      await before?.view?.close();
    }
    if (before === null || !saysTheSame(before, found)) this.#listener.logSaysOther();
  }

  /** A log that was found stays the one; where none was, or an empty one, that may have changed meanwhile. */
  async #isStillThere(): Promise<boolean> {
    const path = this.#log?.state === "found" ? this.#log.path : null;
    return path !== null && (await this.#ports.lookAt(path)) !== null;
  }
}

function isSameLog(before: FoundLog | null, found: FoundLog): boolean {
  return before !== null && before.view !== null && found.view !== null && before.path === found.path && before.backend === found.backend;
}

function saysTheSame(before: FoundLog, found: FoundLog): boolean {
  return before.state === found.state && before.path === found.path && before.note === found.note;
}
