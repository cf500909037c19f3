import { applyWal, readCommittedWal, sameWalHeader } from "../../eventlog/walOverlay.ts";
import { EngineFault } from "../EngineFault.ts";
import { quoted } from "../quoted.ts";
import { errorCode } from "./FileSystem.ts";
import type { FileSystem } from "./FileSystem.ts";
import { readWholeFile } from "./readWholeFile.ts";

/** How often a database that is written under the reader is read again. */
const ATTEMPTS = 5;
const WAL_HEADER_BYTES = 32;

/** A database as it was read from its files, with the main file's own bytes. */
export interface DatabaseImage {
  /** The whole database, what is committed in its log included; says that it needs no log. */
  readonly image: Uint8Array;
  readonly main: Uint8Array;
}

/**
 * A database and its log as one image, taken without a lock and consistent all the same: the log's head is read before the main file, the
 * log after it, and its head once more. As long as the head stays, all that a checkpoint can have put into the main file meanwhile is in
 * the log that was read, and is laid over it. When the head changes, the log was begun anew, and all is read again.  Rejects with an
 * `EngineFault`: those of reading a file, `tooLarge` above `limit` bytes (both files together, or the database they make), `unreadable`
 * when it never stands still.
 */
export async function readDatabaseImage(fs: FileSystem, path: string, limit: number): Promise<DatabaseImage> {
  const walPath = `${path}-wal`;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const size = (await fs.stat(path)).size + (await sizeOf(fs, walPath));
    if (size > limit) throw tooLargeFault(path, size, limit);
    const head = await headOf(fs, walPath);
    const main = await readWholeFile(fs, path);
    const wal = await readIfThere(fs, walPath);
    const settled = sameWalHeader(head, wal) && sameWalHeader(head, await headOf(fs, walPath));
    // Without a log a writer changes the main file itself.
    const after = await fs.stat(path);
    const still = wal.length > 0 || (after.size === main.facts.size && after.changedMs === main.facts.changedMs);
    if (!settled || !still) continue;
    const committed = readCommittedWal(wal);
    const whole = committed === null ? 0 : committed.pageBytes * committed.pageCount;
    if (whole > limit) throw tooLargeFault(path, whole, limit);
    return { image: applyWal(main.bytes, wal), main: main.bytes };
  }
  throw new EngineFault({
    code: "unreadable",
    message: `${quoted(path)} is being written so busily that it could not be read in one piece. Try again in a moment.`,
  });
}

function tooLargeFault(path: string, size: number, limit: number): EngineFault {
  const megabytes = (bytes: number) => Math.ceil(bytes / 2 ** 20);
  return new EngineFault({
    code: "tooLarge",
    message:
      `${quoted(path)} has ${megabytes(size)} MB, more than the ${megabytes(limit)} MB that can be read into memory. It needs a host with SQLite of its own ` +
      "(VS Code 1.101 or Node.js 22.15, or newer), and beside it either no write-ahead log, or one with its -shm file in a folder that can be written.",
  });
}

async function headOf(fs: FileSystem, path: string): Promise<Uint8Array> {
  let file;
  try {
    file = await fs.openToRead(path);
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return new Uint8Array(0);
    throw cause;
  }
  try {
    const head = new Uint8Array(WAL_HEADER_BYTES);
    return head.subarray(0, await file.read(head, 0));
  } finally {
    await file.close();
  }
}

async function sizeOf(fs: FileSystem, path: string): Promise<number> {
  try {
    return (await fs.stat(path)).size;
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return 0;
    throw cause;
  }
}

async function readIfThere(fs: FileSystem, path: string): Promise<Uint8Array> {
  try {
    return (await readWholeFile(fs, path)).bytes;
  } catch (cause) {
    if (cause instanceof EngineFault && cause.error.code === "notFound") return new Uint8Array(0);
    throw cause;
  }
}
