import { fileFault, folderFault, noRegularFileFault } from "./fileFault.ts";
import type { FileSystem } from "./FileSystem.ts";

/** A file's first bytes, at most `length` of them, with its size and time of change. Rejects with an `EngineFault`. */
export async function readHead(
  fs: FileSystem,
  path: string,
  length: number,
): Promise<{ bytes: Uint8Array; changedMs: number; size: number }> {
  try {
    const { kind, size, changedMs } = await fs.stat(path);
    if (kind === "folder") throw folderFault(path);
    if (kind === "other") throw noRegularFileFault(path);
    const file = await fs.openToRead(path);
    try {
      const buffer = new Uint8Array(Math.min(length, size));
      let have = 0;
      while (have < buffer.length) {
        const got = await file.read(buffer.subarray(have), have);
        if (got === 0) break;
        have += got;
      }
      return { bytes: buffer.subarray(0, have), changedMs, size };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw fileFault(cause, path, "read");
  }
}
