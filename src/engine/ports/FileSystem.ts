/** What the engine needs of a disk. Every call rejects with Node's own error, whose `code` tells why (`ENOENT`, `EACCES`, …). */
export interface FileSystem {
  /** Follows symbolic links. */
  stat(path: string): Promise<FileFacts>;
  /** Where a symbolic link points, as stored in it; null when the path is no link. */
  linkTarget(path: string): Promise<string | null>;
  /** The path with every symbolic link followed. */
  realPath(path: string): Promise<string>;
  /** Rejects when this user may not read (or write) the file. */
  checkAccess(path: string, purpose: "read" | "write"): Promise<void>;
  openToRead(path: string): Promise<ReadableFile>;
  /** Makes a new file; rejects with `EEXIST` when there is one already. */
  create(path: string, mode: number): Promise<NewFile>;
  /** Replaces `to` in one step. */
  rename(from: string, to: string): Promise<void>;
  /** A second name for a file; rejects with `EEXIST` when the name is taken. */
  link(existing: string, name: string): Promise<void>;
  remove(path: string): Promise<void>;
  makeFolders(path: string): Promise<void>;
  listFolder(path: string): Promise<FolderEntry[]>;
  /** Makes the folder's own entries durable. */
  syncFolder(path: string): Promise<void>;
}

export interface FileFacts {
  readonly kind: "file" | "folder" | "other";
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly changedMs: number;
  /** Permission bits only. */
  readonly mode: number;
  /** Tells a file from another that took its name; absent where the disk does not say. */
  readonly identity?: string;
}

export interface FolderEntry {
  readonly name: string;
  readonly kind: "file" | "folder" | "other";
}

export interface ReadableFile {
  facts(): Promise<FileFacts>;
  /** Reads into `target` from byte `position` of the file; answers with the number of bytes, 0 at the end. */
  read(target: Uint8Array, position: number): Promise<number>;
  close(): Promise<void>;
}

export interface NewFile {
  /** Appends all of `bytes`. */
  write(bytes: Uint8Array): Promise<void>;
  /** Sets the permission bits, whatever the process's mask. */
  setMode(mode: number): Promise<void>;
  /** Waits until the bytes are on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The `code` of a file system error, or "" when it has none. */
export function errorCode(cause: unknown): string {
  return typeof cause === "object" && cause !== null && "code" in cause && typeof cause.code === "string" ? cause.code : "";
}
