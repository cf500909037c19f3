import type { FileLook } from "../EnginePorts.ts";
import type { FileSystem } from "./FileSystem.ts";

/** How a file looks now; null when nothing is there, or nothing this user may look at. Never rejects. */
export async function lookAt(fs: Pick<FileSystem, "stat">, path: string): Promise<FileLook | null> {
  try {
    const { kind, size, changedMs } = await fs.stat(path);
    return { kind, size, changedMs };
  } catch {
    return null;
  }
}
