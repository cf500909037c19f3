import { dirname } from "node:path";
import type { RecordPlace } from "../../protocol/engine.ts";
import type { FileSystem } from "./FileSystem.ts";

/** The folders a stored path is tried against, in order, each once. */
export function basesOf(place: RecordPlace): string[] {
  const folders = [place.baseFolder, dirname(place.path), ...(place.workspaceFolder === null ? [] : [place.workspaceFolder])];
  return [...new Set(folders)];
}

/**
 * The folders within which files named by a record may be read: those same folders and `further` ones, as written and with symbolic links
 * followed.
 */
export async function rootsOf(fs: FileSystem, place: RecordPlace, ...further: readonly string[]): Promise<string[]> {
  const roots = new Set<string>();
  for (const folder of [...basesOf(place), ...further]) {
    roots.add(folder);
    try {
      roots.add(await fs.realPath(folder));
    } catch {
      // A folder that is not there holds nothing to read.
    }
  }
  return [...roots];
}
