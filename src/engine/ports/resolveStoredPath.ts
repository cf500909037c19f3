import { isAbsolute, resolve } from "node:path";
import type { RecordPlace, ResolvedPath } from "../../protocol/engine.ts";
import { quoted } from "../quoted.ts";
import { errorCode } from "./FileSystem.ts";
import type { FileSystem } from "./FileSystem.ts";
import { isInside } from "./isInside.ts";
import { nodeFileSystem } from "./nodeFileSystem.ts";
import { basesOf, rootsOf } from "./trustedFolders.ts";

/** Longer text is no path on any system we run on. */
const LONGEST_PATH = 4096;

/**
 * Where a path that is stored in a record leads. It is tried against the base folder, the record's folder and the workspace folder, in
 * that order; a file counts only when it lies in one of those folders, by its text and after following every symbolic link. Nothing
 * outside is looked at, not even for being there: then `path` is where the text leads, for the user to be asked about. Never rejects.
 */
export async function resolveStoredPath(stored: string, place: RecordPlace, fs: FileSystem = nodeFileSystem): Promise<ResolvedPath> {
  if (place.virtual === true) {
    return {
      stored,
      path: null,
      presence: "unreadable",
      note: `${quoted(stored)} is not looked for: the record lies on a file system of which only the record itself is read.`,
    };
  }
  const refused = refusalOf(stored);
  if (refused !== null) return { stored, path: null, ...refused };

  const roots = await rootsOf(fs, place);
  const found: Attempt[] = [];
  for (const spelling of spellingsOf(stored)) {
    for (const base of basesOf(place)) {
      const attempt = await tryPath(fs, resolve(base, spelling), roots);
      if (attempt.presence === "present") return { stored, path: attempt.path, presence: "present", note: "" };
      found.push(attempt);
    }
  }
  const worst = found.find(({ presence }) => presence === "unreadable") ?? found.find(({ presence }) => presence === "outside") ?? found[0];
  switch (worst?.presence) {
    case "unreadable":
      return { stored, path: null, presence: "unreadable", note: `${quoted(stored)} cannot be read: ${worst.reason}.` };
    case "outside":
      return {
        stored,
        path: worst.path,
        presence: "outside",
        note: `${quoted(stored)} leads outside the workspace, to ${quoted(worst.path)}. It was not looked at.`,
      };
    default:
      return { stored, path: null, presence: "absent", note: `${quoted(stored)} is not there.` };
  }
}

/** Text that is no file path at all, or one that must not be followed. */
function refusalOf(stored: string): { presence: "unnamed" | "unreadable" | "absent"; note: string } | null {
  if (stored.trim() === "") return { presence: "unnamed", note: "The record names no file." };
  if (stored.includes("\0")) {
    return { presence: "unreadable", note: `${quoted(stored)} holds a NUL character and is no file path. It was not followed.` };
  }
  if (stored.length > LONGEST_PATH) return { presence: "unreadable", note: `${quoted(stored)} is too long for a file path.` };
  // A drive letter is one letter; a scheme has at least two.
  if (/^[A-Za-z][A-Za-z0-9+.-]+:/.test(stored)) {
    return { presence: "unreadable", note: `${quoted(stored)} is an address, not a file path. It was not followed.` };
  }
  if (process.platform !== "win32" && /^[A-Za-z]:[\\/]/.test(stored)) {
    return { presence: "absent", note: `${quoted(stored)} is a path of a Windows machine.` };
  }
  return null;
}

/** The text itself; and, where `\` is no separator, what a record written on Windows means by it. */
function spellingsOf(stored: string): string[] {
  return process.platform !== "win32" && stored.includes("\\") ? [stored, stored.replaceAll("\\", "/")] : [stored];
}

interface Attempt {
  readonly presence: "present" | "absent" | "unreadable" | "outside";
  readonly path: string;
  readonly reason: string;
}

async function tryPath(fs: FileSystem, path: string, roots: readonly string[]): Promise<Attempt> {
  if (!isAbsolute(path) || !roots.some((root) => isInside(root, path))) return { presence: "outside", path, reason: "" };
  try {
    const real = await fs.realPath(path);
    if (!roots.some((root) => isInside(root, real))) return { presence: "outside", path: real, reason: "" };
    const { kind } = await fs.stat(real);
    if (kind !== "file") return { presence: "unreadable", path, reason: kind === "folder" ? "it is a folder" : "it is no regular file" };
    await fs.checkAccess(real, "read");
    return { presence: "present", path, reason: "" };
  } catch (cause) {
    switch (errorCode(cause)) {
      case "ENOENT":
      case "ENOTDIR":
        return { presence: "absent", path, reason: "" };
      case "EACCES":
      case "EPERM":
        return { presence: "unreadable", path, reason: "you have no permission" };
      case "ELOOP":
        return { presence: "unreadable", path, reason: "its symbolic links lead back to themselves" };
      case "ENAMETOOLONG":
        return { presence: "unreadable", path, reason: "it is too long for a file name" };
      default:
        return { presence: "unreadable", path, reason: errorCode(cause) || "the file system refuses it" };
    }
  }
}
