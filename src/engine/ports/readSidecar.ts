import { resolve } from "node:path";
import type { Sidecar } from "../../record/ports.ts";
import { quoted } from "../quoted.ts";
import { errorCode } from "./FileSystem.ts";
import type { FileSystem } from "./FileSystem.ts";
import { isInside } from "./isInside.ts";
import { readWholeFile } from "./readWholeFile.ts";

const ABSENT: Sidecar = { exists: false, bytes: null };
const UNREADABLE: Sidecar = { exists: true, bytes: null };

/** Where sidecars may be read, and who is told when one is not. */
export interface SidecarPlace {
  /** Relative paths are meant from here: the folder the runtime ran in. */
  readonly baseFolder: string;
  /** Folders a sidecar must lie in, symbolic links followed; null: anywhere (the path comes from the user, not from a record). */
  readonly roots: readonly string[] | null;
  /** A sentence for the user about a sidecar that was left out. */
  readonly note: (sentence: string) => void;
}

/**
 * A transcript sidecar: whether something is there (a folder counts, as it does for the runtime), and its bytes where they can be read.
 * One that lies outside of `roots` is not looked at and counts as absent, which `note` is told. Never rejects.
 */
export async function readSidecar(fs: FileSystem, path: string, place: SidecarPlace): Promise<Sidecar> {
  if (path.includes("\0")) return ABSENT;
  const full = resolve(place.baseFolder, path);
  let real = full;
  if (place.roots !== null) {
    const { roots } = place;
    if (!roots.some((root) => isInside(root, full))) return outside(path, place);
    try {
      real = await fs.realPath(full);
    } catch {
      return ABSENT; // the runtime, too, takes a link that leads nowhere for nothing
    }
    if (!roots.some((root) => isInside(root, real))) return outside(path, place);
  }
  try {
    const { kind } = await fs.stat(real);
    if (kind === "folder") return UNREADABLE;
  } catch (cause) {
    if (!isAbsence(cause))
      place.note(`The transcript sidecar ${quoted(path)} cannot be looked at (${errorCode(cause)}); its events are missing.`);
    return ABSENT;
  }
  try {
    return { exists: true, bytes: (await readWholeFile(fs, real)).bytes };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    place.note(`The transcript sidecar could not be read, so its events are missing: ${reason}`);
    return UNREADABLE;
  }
}

function outside(path: string, place: SidecarPlace): Sidecar {
  place.note(`The transcript sidecar ${quoted(path)} lies outside the record's folders and was not read.`);
  return ABSENT;
}

function isAbsence(cause: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(errorCode(cause));
}
