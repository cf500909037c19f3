import { EngineFault } from "../EngineFault.ts";
import { quoted } from "../quoted.ts";
import { folderFault, noRegularFileFault } from "./fileFault.ts";
import { errorCode } from "./FileSystem.ts";
import type { FileFacts, FileSystem, ReadableFile } from "./FileSystem.ts";
import { isInside } from "./isInside.ts";

/**
 * Opens a regular file for as long as `use` takes; `use` is given null where there is none. Rejects with the disk's errors, and with an
 * `EngineFault` where a link leads out of `folder`, or where something else than a file is.
 */
export async function openInside<T>(
  fs: Pick<FileSystem, "realPath" | "openToRead">,
  folder: string,
  path: string,
  use: (open: { readonly file: ReadableFile; readonly facts: FileFacts } | null) => Promise<T>,
): Promise<T> {
  let file;
  try {
    const real = await fs.realPath(path);
    if (!isInside(await fs.realPath(folder), real)) throw outsideFault(path, real);
    file = await fs.openToRead(real);
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return use(null);
    throw cause;
  }
  try {
    const facts = await file.facts();
    if (facts.kind === "folder") throw folderFault(path);
    if (facts.kind === "other") throw noRegularFileFault(path);
    return await use({ file, facts });
  } finally {
    await file.close();
  }
}

function outsideFault(path: string, real: string): EngineFault {
  return new EngineFault({
    code: "refused",
    message: `${quoted(path)} is a link out of the log's folder (to ${quoted(real)}): it is not read.`,
  });
}
