import { cancelledError, EngineFault } from "../EngineFault.ts";
import { fileFault, folderFault, noRegularFileFault } from "./fileFault.ts";
import type { FileSystem } from "./FileSystem.ts";

/** Bytes of a file from `position` on, at most `length`, fewer at its end. Rejects with an `EngineFault`. */
export async function readRange(
  fs: Pick<FileSystem, "openToRead">,
  path: string,
  position: number,
  length: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  try {
    const file = await fs.openToRead(path);
    try {
      const { kind, size } = await file.facts();
      if (kind === "folder") throw folderFault(path);
      if (kind === "other") throw noRegularFileFault(path);
      const buffer = new Uint8Array(Math.max(0, Math.min(length, size - position)));
      let have = 0;
      while (have < buffer.length) {
        if (signal.aborted) throw new EngineFault(cancelledError());
        const got = await file.read(buffer.subarray(have), position + have);
        if (got === 0) break;
        have += got;
      }
      return buffer.subarray(0, have);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw cause instanceof EngineFault ? cause : fileFault(cause, path, "read");
  }
}
