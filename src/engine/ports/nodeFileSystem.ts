import { constants } from "node:fs";
import { access, link, mkdir, open, readdir, readlink, realpath, rename, stat, unlink } from "node:fs/promises";
import type { Stats } from "node:fs";
import { errorCode } from "./FileSystem.ts";
import type { FileFacts, FileSystem, FolderEntry, NewFile, ReadableFile } from "./FileSystem.ts";

/** The machine's own disk. */
export const nodeFileSystem: FileSystem = {
  async stat(path) {
    return factsOf(await stat(path));
  },

  async linkTarget(path) {
    try {
      return await readlink(path);
    } catch (cause) {
      // EINVAL: there is a file, and it is no link. Windows says UNKNOWN for the same.
      if (errorCode(cause) === "EINVAL" || errorCode(cause) === "UNKNOWN") return null;
      throw cause;
    }
  },

  async realPath(path) {
    return realpath(path);
  },

  async checkAccess(path, purpose) {
    await access(path, purpose === "read" ? constants.R_OK : constants.W_OK);
  },

  async openToRead(path): Promise<ReadableFile> {
    // Without O_NONBLOCK opening a pipe would wait for its other end, for ever.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return {
      facts: async () => factsOf(await file.stat()),
      read: async (target, position) => (await file.read(target, 0, target.length, position)).bytesRead,
      close: async () => file.close(),
    };
  },

  async create(path, mode): Promise<NewFile> {
    const file = await open(path, "wx", mode);
    return {
      async write(bytes) {
        for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at, bytes.length - at)).bytesWritten;
      },
      setMode: async (bits) => file.chmod(bits),
      sync: async () => file.sync(),
      close: async () => file.close(),
    };
  },

  async rename(from, to) {
    await rename(from, to);
  },

  async link(existing, name) {
    await link(existing, name);
  },

  async remove(path) {
    await unlink(path);
  },

  async makeFolders(path) {
    await mkdir(path, { recursive: true });
  },

  async listFolder(path): Promise<FolderEntry[]> {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.map((entry) => ({ name: entry.name, kind: entry.isFile() ? "file" : entry.isDirectory() ? "folder" : "other" }));
  },

  async syncFolder(path) {
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};

function factsOf(stats: Stats): FileFacts {
  return {
    kind: stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other",
    size: stats.size,
    changedMs: stats.mtimeMs,
    mode: stats.mode & 0o7777,
    ...(stats.ino === 0 ? {} : { identity: `${stats.dev}:${stats.ino}` }),
  };
}
