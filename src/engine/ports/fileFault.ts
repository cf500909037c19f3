import { describeCause, EngineFault, toEngineError } from "../EngineFault.ts";
import { quoted } from "../quoted.ts";
import { errorCode } from "./FileSystem.ts";

/** What was being done with a file, as it stands in the sentence for the user. */
export type FileDeed = "read" | "written";

/** A file system error as a fault with a sentence the user can act on. */
export function fileFault(cause: unknown, path: string, deed: FileDeed): EngineFault {
  if (cause instanceof EngineFault) return cause;
  if (cause instanceof RangeError) return new EngineFault(toEngineError(cause));
  const name = quoted(path);
  const detail = describeCause(cause);
  const code = errorCode(cause);
  switch (code) {
    case "ENOENT":
      return deed === "read"
        ? new EngineFault({ code: "notFound", message: `${name} does not exist (any more).`, detail })
        : new EngineFault({ code: "notFound", message: `${name} cannot be written: its folder does not exist (any more).`, detail });
    case "ENOTDIR":
    case "EEXIST":
      return new EngineFault({
        code: "notFound",
        message: `${name} cannot be ${deed}: a part of its path is a file, not a folder.`,
        detail,
      });
    case "EISDIR":
      return folderFault(path);
    case "EACCES":
    case "EPERM":
      return new EngineFault({
        code: "noPermission",
        message: `${name} cannot be ${deed}: you have no permission. Check the rights of the file and of its folder.`,
        detail,
      });
    case "EROFS":
      return new EngineFault({ code: "noPermission", message: `${name} cannot be written: the disk is read-only.`, detail });
    case "ENOSPC":
    case "EDQUOT":
      return new EngineFault({ code: "unreadable", message: `${name} cannot be written: the disk is full.`, detail });
    case "ELOOP":
      return new EngineFault({ code: "unreadable", message: `${name} is a symbolic link that leads back to itself.`, detail });
    case "ENAMETOOLONG":
      return new EngineFault({ code: "unreadable", message: `${name} is too long for a file name.`, detail });
    default:
      return new EngineFault({
        code: "unreadable",
        message: `${name} cannot be ${deed}${code === "" ? "" : ` (${code})`}. The log has the details.`,
        detail,
      });
  }
}

/** The fault of a path that is a folder where a file is needed. */
export function folderFault(path: string): EngineFault {
  return new EngineFault({ code: "isFolder", message: `${quoted(path)} is a folder, not a file.` });
}

/** The fault of a path that is a pipe, a device or a socket. */
export function noRegularFileFault(path: string): EngineFault {
  return new EngineFault({ code: "unreadable", message: `${quoted(path)} is no regular file.` });
}
