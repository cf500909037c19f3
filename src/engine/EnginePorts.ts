import type { LogChoice, RecordPlace, ResolvedPath } from "../protocol/engine.ts";
import type { ActiveEventLog, RecordPorts } from "../record/ports.ts";
import type { FoundLog } from "./around/FoundLog.ts";

/** How a file looks from outside: another text or size means that somebody wrote it. */
export interface FileLook {
  readonly kind: "file" | "folder" | "other";
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly changedMs: number;
}

/** What the engine asks of the machine it runs on. All paths are absolute. Rejections are `EngineFault`s. */
export interface EnginePorts {
  /** The whole file. */
  readFile(path: string, signal: AbortSignal): Promise<Uint8Array>;
  /** A file's first bytes, at most `length`. */
  readHead(
    path: string,
    length: number,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: Uint8Array; readonly changedMs: number; readonly size: number }>;
  /**
   * Replaces a file in one step and answers with the path that was written. `expected`: what it must still hold, `null` for "no such file",
   * left out for "whatever there is".
   */
  writeFile(
    path: string,
    bytes: Uint8Array,
    options: { readonly expected?: Uint8Array | null; readonly signal: AbortSignal },
  ): Promise<string>;
  /**
   * Clock, ids and sidecars for a record of that place; beside `targetPath`, which the user chose, a sidecar may lie too. `note` is told
   * in a sentence what was left out and why. `log`: where the questions of runs are looked up, null where no log is active.
   */
  recordPorts(place: RecordPlace, targetPath: string, note: (sentence: string) => void, log: ActiveEventLog | null): Promise<RecordPorts>;
  /** The event log of a record at that place, open for reading. Opens nothing outside of the workspace that is not allowed. Never rejects. */
  findLog(place: RecordPlace, choice: LogChoice): Promise<FoundLog>;
  /** How a file looks; null when nothing is there, or nothing that may be looked at. Never rejects. */
  lookAt(path: string): Promise<FileLook | null>;
  /** Bytes of a file from `position` on, at most `length`, fewer at its end. */
  readRange(path: string, position: number, length: number, signal: AbortSignal): Promise<Uint8Array>;
  /** Names and kinds of what lies directly in a folder; null when it is not there or cannot be listed. Never rejects. */
  listFolder(path: string): Promise<readonly { readonly name: string; readonly kind: "file" | "folder" | "other" }[] | null>;
  /** Whether a path stored in a record, meant from the base folder, names that file; by its text alone. */
  namesFile(baseFolder: string, stored: string, path: string): boolean;
  /** The path's last part. */
  fileName(path: string): string;
  /** Where a path stored in a record leads. Never rejects. */
  resolveStoredPath(stored: string, place: RecordPlace): Promise<ResolvedPath>;
  /** Paths of the files that may be run records in and below these folders. */
  findRecords(folders: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** Whether two paths name the same file, symbolic links followed. */
  isSameFile(a: string, b: string): Promise<boolean>;
  /** SHA-256 of some bytes in lower-case hexadecimal. */
  sha256(bytes: Uint8Array): string;
  /** The wall clock, milliseconds since 1970. */
  nowMs(): number;
  /** Milliseconds that only grow, to measure with. */
  monotonicMs(): number;
  /** A name nobody can guess. */
  newToken(): string;
  /** Calls back after so many milliseconds. */
  later(ms: number, callback: () => void): void;
  /** Lets waiting messages (a cancellation) in before a long step. */
  pause(): Promise<void>;
  log(level: "info" | "warn" | "error", message: string): void;
}
