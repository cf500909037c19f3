import { dirname, join } from "node:path";
import type { FileSystem } from "./FileSystem.ts";
import { isInside } from "./isInside.ts";
import { nodeFileSystem } from "./nodeFileSystem.ts";

/**
 * The base folder of a record: the folder that holds the nearest `.harn-runs` above it, else the nearest `.harn`, else the workspace
 * folder, else the record's own. Never above the workspace folder a record lies in. `path` is absolute; the file need not exist.
 */
export async function findBaseFolder(path: string, workspaceFolder: string | null, fs: FileSystem = nodeFileSystem): Promise<string> {
  const own = dirname(path);
  const limit = workspaceFolder !== null && isInside(workspaceFolder, own) ? workspaceFolder : null;
  const above = foldersAbove(own, limit);
  for (const marker of [".harn-runs", ".harn"]) {
    for (const folder of above) {
      if (await isFolder(fs, join(folder, marker))) return folder;
    }
  }
  return limit ?? own;
}

/** `folder` and those above it, nearest first, up to and including `limit` (or the root). */
function foldersAbove(folder: string, limit: string | null): string[] {
  const found: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    found.push(at);
    if ((limit !== null && isInside(at, limit)) || dirname(at) === at) return found;
  }
}

async function isFolder(fs: FileSystem, path: string): Promise<boolean> {
  try {
    return (await fs.stat(path)).kind === "folder";
  } catch {
    return false; // not there, or not for us to see: either way it marks nothing
  }
}
