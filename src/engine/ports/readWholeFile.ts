import { cancelledError, EngineFault } from "../EngineFault.ts";
import { quoted } from "../quoted.ts";
import { fileFault, folderFault, noRegularFileFault } from "./fileFault.ts";
import type { FileFacts, FileSystem, ReadableFile } from "./FileSystem.ts";

/** Offsets of the tape are signed 32-bit numbers. */
export const MAX_FILE_BYTES = 0x7fffffff;

/** Bytes of one read: large enough to be fast, small enough to notice a cancellation. */
const CHUNK_BYTES = 8 << 20;

/** How often a file that changes under the reader is read again before its last state is taken as it is. */
const ATTEMPTS = 3;

export interface FileContent {
  readonly bytes: Uint8Array;
  readonly facts: FileFacts;
}

/**
 * The whole of a regular file, in one buffer. Rejects with an `EngineFault`: `notFound`, `isFolder`, `noPermission`, `tooLarge` (above
 * `limit`, 2 GiB unless told), `unreadable`, `cancelled`. A file that is written meanwhile is read again a few times, then taken as far
 * as it went: what is cut off shows itself as broken text.
 */
export async function readWholeFile(
  fs: FileSystem,
  path: string,
  options: { readonly signal?: AbortSignal; readonly limit?: number } = {},
): Promise<FileContent> {
  const limit = options.limit ?? MAX_FILE_BYTES;
  try {
    checkReadable(await fs.stat(path), path, limit);
    const file = await fs.openToRead(path);
    try {
      for (let attempt = 1; ; attempt++) {
        const before = checkReadable(await file.facts(), path, limit);
        const bytes = await readToEnd(file, before.size, path, limit, options.signal);
        const after = await file.facts();
        const settled = after.size === bytes.length && after.changedMs === before.changedMs;
        if (settled || attempt === ATTEMPTS) return { bytes, facts: after };
      }
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw fileFault(cause, path, "read");
  }
}

function checkReadable(facts: FileFacts, path: string, limit: number): FileFacts {
  if (facts.kind === "folder") throw folderFault(path);
  if (facts.kind === "other") throw noRegularFileFault(path);
  if (facts.size > limit) throw tooLargeFault(path, facts.size);
  return facts;
}

function tooLargeFault(path: string, size: number): EngineFault {
  const gibibytes = (size / 2 ** 30).toFixed(1);
  return new EngineFault({ code: "tooLarge", message: `${quoted(path)} has ${gibibytes} GiB. Files above 2 GiB cannot be opened.` });
}

/** Reads until the file says it ends, whatever size it had before. */
async function readToEnd(file: ReadableFile, size: number, path: string, limit: number, signal?: AbortSignal): Promise<Uint8Array> {
  // One byte more than expected, so that the end is seen without a second buffer.
  let buffer = new Uint8Array(size + 1);
  let length = 0;
  for (;;) {
    if (signal?.aborted === true) throw new EngineFault(cancelledError());
    if (length === buffer.length) {
      if (length > limit) throw tooLargeFault(path, length);
      const larger = new Uint8Array(Math.min(Math.max(length * 1.5, length + CHUNK_BYTES), limit + 1));
      larger.set(buffer);
      buffer = larger;
    }
    const got = await file.read(buffer.subarray(length, Math.min(length + CHUNK_BYTES, buffer.length)), length);
    if (got === 0) return buffer.subarray(0, length);
    length += got;
  }
}
