import { basename, dirname, join, resolve, sep } from "node:path";
import { cancelledError, EngineFault } from "../EngineFault.ts";
import { quoted } from "../quoted.ts";
import { contentEquals } from "./contentEquals.ts";
import { fileFault, folderFault, noRegularFileFault } from "./fileFault.ts";
import { errorCode } from "./FileSystem.ts";
import type { FileFacts, FileSystem } from "./FileSystem.ts";
import { nodeLockHost } from "./nodeLockHost.ts";
import { shortName, takeSaveLock } from "./saveLock.ts";
import type { LockHost } from "./saveLock.ts";

/** End of our temporary files' names: never the runtime's own, so that neither cleans up after the other. */
export const TEMP_SUFFIX = ".run-record-tmp";

const CHUNK_BYTES = 16 << 20;
/** Windows refuses to rename over a file that a scanner or indexer has open: tried again, so often and so long (ms) apart. */
const RENAME_TRIES = 10;
const RENAME_WAIT_MS = 100;
const LINKS_LIMIT = 40;
const NEW_FILE_MODE = 0o666;

export interface AtomicWriteOptions {
  /** What the target must still hold for the write to go on: these bytes, nothing (`null`: no such file), or anything (left out). */
  readonly expected?: Uint8Array | null;
  /** Make missing folders above the target. */
  readonly makeFolders?: boolean;
  readonly signal?: AbortSignal;
  /** Told the temporary file's path before it is made and after it is gone, so that the next start can remove one left by a crash. */
  readonly noteTemp?: (path: string, state: "made" | "gone") => Promise<void>;
  readonly host?: LockHost;
  readonly platform?: NodeJS.Platform;
}

/**
 * Replaces a file's content in one step (the runtime's `atomicWrite`, with our file manners): lock, temporary file beside the target,
 * fsync, comparison with what was read, rename, read back, fsync of the folder. The mode is kept and a symbolic link followed: the file
 * it leads to is replaced. Answers with the path that was really written. Rejects with an `EngineFault`; unless it says otherwise the
 * target is then as it was, and neither the temporary file nor the lock is left.
 */
export async function atomicWrite(fs: FileSystem, path: string, bytes: Uint8Array, options: AtomicWriteOptions = {}): Promise<string> {
  const host = options.host ?? nodeLockHost;
  try {
    if (path.endsWith("/") || path.endsWith(sep)) throw folderFault(path);
    const target = await followLinks(fs, path);
    if (options.makeFolders === true) await fs.makeFolders(dirname(target));
    const old = await factsOrNull(fs, target);
    if (old?.kind === "folder") throw folderFault(path);
    if (old?.kind === "other") throw noRegularFileFault(path);
    // The rename would replace a file that is marked read-only: ask first.
    if (old !== null) await fs.checkAccess(target, "write");
    const unlock = await takeSaveLock(fs, target, host);
    try {
      await replace(fs, target, bytes, old, options, host);
    } finally {
      await unlock();
    }
    return target;
  } catch (cause) {
    throw fileFault(cause, path, "written");
  }
}

async function replace(
  fs: FileSystem,
  target: string,
  bytes: Uint8Array,
  old: FileFacts | null,
  options: AtomicWriteOptions,
  host: LockHost,
): Promise<void> {
  const temp = join(dirname(target), `.${shortName(basename(target))}.${host.newUuid()}${TEMP_SUFFIX}`);
  await options.noteTemp?.(temp, "made");
  try {
    await writeTemp(fs, temp, bytes, old, options.signal);
    if (options.expected !== undefined && !(await contentEquals(fs, target, options.expected))) throw await changedFault(fs, target);
    await renameOver(fs, temp, target, options.platform ?? process.platform, host);
  } catch (cause) {
    if (await removeQuietly(fs, temp)) await options.noteTemp?.(temp, "gone");
    throw cause;
  }
  await options.noteTemp?.(temp, "gone");
  await checkWritten(fs, target, bytes);
  if ((options.platform ?? process.platform) !== "win32") await syncFolderQuietly(fs, dirname(target));
}

async function writeTemp(fs: FileSystem, temp: string, bytes: Uint8Array, old: FileFacts | null, signal?: AbortSignal): Promise<void> {
  const file = await fs.create(temp, old?.mode ?? NEW_FILE_MODE);
  try {
    if (old !== null) await file.setMode(old.mode);
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      if (signal?.aborted === true) throw new EngineFault(cancelledError());
      await file.write(bytes.subarray(at, at + CHUNK_BYTES));
    }
    await file.sync();
  } finally {
    await file.close();
  }
  if (signal?.aborted === true) throw new EngineFault(cancelledError());
}

async function renameOver(fs: FileSystem, temp: string, target: string, platform: NodeJS.Platform, host: LockHost): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await fs.rename(temp, target);
      return;
    } catch (cause) {
      const busy = platform === "win32" && ["EPERM", "EACCES", "EBUSY"].includes(errorCode(cause));
      if (!busy || attempt >= RENAME_TRIES) throw cause;
      await host.wait(RENAME_WAIT_MS);
    }
  }
}

async function checkWritten(fs: FileSystem, target: string, bytes: Uint8Array): Promise<void> {
  if (await contentEquals(fs, target, bytes)) return;
  throw new EngineFault({
    code: "changedOnDisk",
    message: `${quoted(target)} was written, but reads back differently: another program has written it in the same moment. Compare the two before saving again.`,
  });
}

async function changedFault(fs: FileSystem, target: string): Promise<EngineFault> {
  if ((await factsOrNull(fs, target)) === null) {
    return new EngineFault({ code: "notFound", message: `${quoted(target)} was deleted or moved since it was read. Nothing was written.` });
  }
  return new EngineFault({
    code: "changedOnDisk",
    message: `${quoted(target)} has changed on disk since it was read. Nothing was written; reload it, or save to another file.`,
  });
}

/** The file a path leads to, also when the last link points to a file that is not there yet. Absolute. */
async function followLinks(fs: FileSystem, path: string): Promise<string> {
  let at = resolve(path);
  for (let links = 0; links < LINKS_LIMIT; links++) {
    let next;
    try {
      next = await fs.linkTarget(at);
    } catch (cause) {
      if (errorCode(cause) === "ENOENT" || errorCode(cause) === "ENOTDIR") return at;
      throw cause;
    }
    if (next === null) return at;
    at = resolve(dirname(at), next);
  }
  throw Object.assign(new Error(`more than ${LINKS_LIMIT} symbolic links`), { code: "ELOOP" });
}

async function factsOrNull(fs: FileSystem, path: string): Promise<FileFacts | null> {
  try {
    return await fs.stat(path);
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return null;
    throw cause;
  }
}

/** False when the file is still there: the first fault is the one to tell, and the note stays for the next start. */
async function removeQuietly(fs: FileSystem, path: string): Promise<boolean> {
  try {
    await fs.remove(path);
    return true;
  } catch (cause) {
    return errorCode(cause) === "ENOENT";
  }
}

async function syncFolderQuietly(fs: FileSystem, folder: string): Promise<void> {
  try {
    await fs.syncFolder(folder);
  } catch {
    // Some file systems cannot; the file itself is on the disk.
  }
}
