import { basename, dirname, join } from "node:path";
import { EngineFault } from "../EngineFault.ts";
import { quoted } from "../quoted.ts";
import { errorCode } from "./FileSystem.ts";
import type { FileSystem } from "./FileSystem.ts";
import { readWholeFile } from "./readWholeFile.ts";

/**
 * A lock older than this is taken to be left behind, even if its process cannot be asked (another machine) or its number was used again.
 */
const STALE_AFTER_MS = 10 * 60_000;
/** How often, and how long apart in milliseconds, a lock that is held is tried again. */
const TRIES = 20;
const WAIT_MS = 100;

/** What a lock needs to know of the machine. */
export interface LockHost {
  readonly pid: number;
  readonly hostName: string;
  nowMs(): number;
  isAlive(pid: number): boolean;
  wait(ms: number): Promise<void>;
  newUuid(): string;
}

/** The lock file beside `target`. */
export function lockPathOf(target: string): string {
  return join(dirname(target), `.${shortName(basename(target))}.run-record-lock`);
}

/** A file name cut so that what is put around it still fits into the 255 bytes file systems allow. */
export function shortName(name: string): string {
  const bytes = Buffer.from(name);
  return bytes.length <= 180
    ? name
    : bytes
        .subarray(0, 180)
        .toString()
        .replace(/\ufffd+$/, "");
}

/**
 * Keeps a second of ours from writing `target`: makes the lock file exclusively, and answers with what gives it back (never rejects). A
 * lock left behind by a dead process is replaced; one that is held is waited for, two seconds, then refused. Rejects with Node's own
 * error when the folder cannot be written.
 */
export async function takeSaveLock(fs: FileSystem, target: string, host: LockHost): Promise<() => Promise<void>> {
  const path = lockPathOf(target);
  const text = JSON.stringify({ pid: host.pid, host: host.hostName, token: host.newUuid() });
  for (let attempt = 1; ; attempt++) {
    try {
      const file = await fs.create(path, 0o600);
      try {
        await file.write(Buffer.from(text));
      } finally {
        await file.close();
      }
      return async () => {
        if ((await lockText(fs, path)) === text) await removeIfThere(fs, path);
      };
    } catch (cause) {
      if (errorCode(cause) !== "EEXIST") throw cause;
    }
    if (await removeIfStale(fs, path, host)) continue;
    if (attempt >= TRIES) {
      throw new EngineFault({
        code: "refused",
        message: `${quoted(target)} is being saved by another window right now. Nothing was written; try again in a moment.`,
        detail: `held by ${(await lockText(fs, path)) ?? "an unknown process"} (${path})`,
      });
    }
    await host.wait(WAIT_MS);
  }
}

/** True when the way is free to try again: the lock was left behind and is removed now, or has gone by itself. */
async function removeIfStale(fs: FileSystem, path: string, host: LockHost): Promise<boolean> {
  const seen = await lockText(fs, path);
  if (seen === null) return true;
  if (!(await isStale(fs, path, seen, host))) return false;
  // Renaming takes exactly one file away, whoever else tries the same; if it was a newer lock after all, it is put back.
  const aside = `${path}.${host.newUuid()}`;
  try {
    await fs.rename(path, aside);
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return true;
    throw cause;
  }
  if ((await lockText(fs, aside)) !== seen) {
    try {
      await fs.link(aside, path);
    } catch {
      // A third one holds the name by now; the comparison of the content before the rename still guards the file.
    }
  }
  await removeIfThere(fs, aside);
  return true;
}

async function isStale(fs: FileSystem, path: string, text: string, host: LockHost): Promise<boolean> {
  let changedMs;
  try {
    changedMs = (await fs.stat(path)).changedMs;
  } catch {
    return false; // gone meanwhile: the next try finds out
  }
  if (host.nowMs() - changedMs > STALE_AFTER_MS) return true;
  const owner = ownerOf(text);
  return owner !== null && owner.host === host.hostName && !host.isAlive(owner.pid);
}

/** Null while the owner has not written its name yet (or when the file is none of ours). */
function ownerOf(text: string): { pid: number; host: string } | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("pid" in value) || !("host" in value)) return null;
    return typeof value.pid === "number" && typeof value.host === "string" ? { pid: value.pid, host: value.host } : null;
  } catch {
    return null;
  }
}

/** The lock's text; null when it is gone or cannot be read. */
async function lockText(fs: FileSystem, path: string): Promise<string | null> {
  try {
    return Buffer.from((await readWholeFile(fs, path, { limit: 4096 })).bytes).toString();
  } catch {
    return null;
  }
}

async function removeIfThere(fs: FileSystem, path: string): Promise<void> {
  try {
    await fs.remove(path);
  } catch {
    // Gone already, or not removable: a lock left behind is replaced by the next save.
  }
}
