import type { LogChoice } from "../protocol/engine.ts";
import type { SourceNote } from "../view/tables.ts";
import { engineErrorOf } from "./Engine.ts";

/** What the event log of one record is asked about, and of whom. */
export interface SessionLogPorts {
  /** What the settings say now. */
  choice(): LogChoice;
  /** The engine looks for the log anew. Rejects with the engine's error. */
  setLog(choice: LogChoice): Promise<unknown>;
  /** The log that waits for permission, by its real path; null when none does. Rejects with the engine's error. */
  outsideLog(): Promise<{ readonly path: string } | null>;
  /** Asks the user whether that log may be read: once, or, with `again`, anew. */
  ask(path: string, again: boolean): Promise<void>;
  failed(message: string): void;
}

/** The event log of one open record: keeps the engine in step with the settings, and sees that the user is asked where a log waits for it. */
export class SessionLog {
  private readonly ports: SessionLogPorts;

  constructor(ports: SessionLogPorts) {
    this.ports = ports;
  }

  /** What the settings say now. */
  get choice(): LogChoice {
    return this.ports.choice();
  }

  /** The engine found, or found anew, what lies around the record. Never rejects. */
  async found(log: SourceNote): Promise<void> {
    if (log.state === "outside") await this.ask(false);
  }

  /**
   * Asks whether the log outside of the workspace may be read, when there is one; never rejects. `again`: also when that was answered.
   * @returns whether a log waits for permission
   */
  async ask(again: boolean): Promise<boolean> {
    try {
      const outside = await this.ports.outsideLog();
      if (outside !== null) await this.ports.ask(outside.path, again);
      return outside !== null;
    } catch (thrown) {
      this.tell(thrown);
      return false;
    }
  }

  /** Other settings, or another permission. Never rejects. */
  async chooseAnew(): Promise<void> {
    try {
      await this.ports.setLog(this.choice);
      await this.ask(false);
    } catch (thrown) {
      this.tell(thrown);
    }
  }

  private tell(thrown: unknown): void {
    const { code, message } = engineErrorOf(thrown);
    // A record that is not open in the engine is opened with the settings of then.
    if (code !== "stale" && code !== "cancelled") this.ports.failed(message);
  }
}
