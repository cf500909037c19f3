import { errorCode } from "./FileSystem.ts";
import type { FileSystem } from "./FileSystem.ts";

const CHUNK_BYTES = 4 << 20;

/**
 * Whether a file holds exactly these bytes; `null` asks whether there is no such file. Reads in chunks and stops at the first difference.
 * Rejects with Node's own error when the file is there but cannot be read.
 */
export async function contentEquals(fs: FileSystem, path: string, expected: Uint8Array | null): Promise<boolean> {
  let file;
  try {
    file = await fs.openToRead(path);
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return expected === null;
    throw cause;
  }
  try {
    if (expected === null || (await file.facts()).size !== expected.length) return false;
    const chunk = new Uint8Array(Math.min(CHUNK_BYTES, expected.length + 1));
    let at = 0;
    for (;;) {
      const got = await file.read(chunk, at);
      if (got === 0) return at === expected.length;
      if (Buffer.compare(chunk.subarray(0, got), expected.subarray(at, at + got)) !== 0) return false;
      at += got;
    }
  } finally {
    await file.close();
  }
}
