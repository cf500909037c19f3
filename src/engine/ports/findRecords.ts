import { join } from "node:path";
import { cancelledError, EngineFault } from "../EngineFault.ts";
import type { FileSystem, FolderEntry } from "./FileSystem.ts";

/** The folder the runtime saves its records in. */
export const RUNS_FOLDER = ".harn-runs";

/** Folders that hold no runs of the user's own, and a great many files. */
const SKIPPED: ReadonlySet<string> = new Set(["node_modules", "target", "dist", "build", "out", "vendor"]);
const MAX_DEPTH = 8;
const MAX_FOLDERS = 20_000;

/**
 * Files that may be run records in and below the folders, by their names: `*.json` inside `.harn-runs` and in the folders given
 * themselves, `*.run.json` elsewhere. Folders beginning with a dot, and those of dependencies and builds, are not entered; symbolic links
 * are not followed. Nearest first, by name within a folder. A folder that cannot be listed is skipped.
 */
export async function findRecords(fs: FileSystem, folders: readonly string[], signal?: AbortSignal): Promise<string[]> {
  const found: string[] = [];
  let waiting = [...new Set(folders)].map((path) => ({ path, depth: 0, inRuns: path.split(/[/\\]/).includes(RUNS_FOLDER) }));
  let visited = 0;
  while (waiting.length > 0) {
    const next: typeof waiting = [];
    for (const { path, depth, inRuns } of waiting) {
      if (signal?.aborted === true) throw new EngineFault(cancelledError());
      if (++visited > MAX_FOLDERS) return found;
      for (const entry of await listQuietly(fs, path)) {
        const child = join(path, entry.name);
        if (entry.kind === "file") {
          if (inRuns || depth === 0 ? entry.name.endsWith(".json") : entry.name.endsWith(".run.json")) found.push(child);
        } else if (entry.kind === "folder" && depth < MAX_DEPTH && isEntered(entry.name)) {
          next.push({ path: child, depth: depth + 1, inRuns: inRuns || entry.name === RUNS_FOLDER });
        }
      }
    }
    waiting = next;
  }
  return found;
}

function isEntered(name: string): boolean {
  return name === RUNS_FOLDER || !(name.startsWith(".") || SKIPPED.has(name));
}

async function listQuietly(fs: FileSystem, path: string): Promise<FolderEntry[]> {
  try {
    const entries = await fs.listFolder(path);
    return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch {
    return []; // gone meanwhile, or not ours to list
  }
}
