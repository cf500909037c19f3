import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { atomicWrite } from "../engine/ports/atomicWrite.ts";
import { fileFault, folderFault } from "../engine/ports/fileFault.ts";
import { nodeFileSystem } from "../engine/ports/nodeFileSystem.ts";
import { readWholeFile } from "../engine/ports/readWholeFile.ts";
import { recordPorts } from "../engine/ports/recordPorts.ts";
import type { RecordPorts } from "../record/ports.ts";

/**
 * A path of the command line as the system is to take it. Not tidied up: `a/.` names a folder, `a/..` goes through a symbolic link, and
 * it is for the system to say so.
 */
export function asGiven(cwd: string, path: string): string {
  return isAbsolute(path) ? path : `${cwd}/${path}`;
}

/** A file of the command line, by the path as it was given there. Rejects with a sentence. */
export async function readFile(cwd: string, path: string): Promise<Uint8Array> {
  return (await readWholeFile(nodeFileSystem, asGiven(cwd, path))).bytes;
}

/** Replaces a file in one step, making its folders; `expected` as in `atomicWrite`. Rejects with a sentence. */
export async function writeFile(cwd: string, path: string, bytes: Uint8Array, expected?: Uint8Array | null): Promise<void> {
  const given = asGiven(cwd, path);
  const name = basename(given);
  if (path === "" || given.endsWith("/") || name === "." || name === "..") throw folderFault(path);
  let folder;
  try {
    await nodeFileSystem.makeFolders(dirname(given));
    folder = await nodeFileSystem.realPath(dirname(given));
  } catch (cause) {
    throw fileFault(cause, path, "written");
  }
  await atomicWrite(nodeFileSystem, join(folder, name), bytes, expected === undefined ? {} : { expected });
}

/** Ports for a record whose sidecar lies beside a path the user named: it is read wherever that is. */
export function portsForNamedPath(cwd: string, note: (sentence: string) => void): RecordPorts {
  return recordPorts(nodeFileSystem, { baseFolder: cwd, roots: null, note }, null);
}

/** Ports for a record whose sidecar is found by a path stored in it: only one inside the working folder is read. */
export async function portsForStoredPath(cwd: string, note: (sentence: string) => void): Promise<RecordPorts> {
  const folder = resolve(cwd);
  const roots = [folder];
  try {
    roots.push(await nodeFileSystem.realPath(folder));
  } catch {
    // A working folder that is not there holds nothing to read.
  }
  return recordPorts(nodeFileSystem, { baseFolder: folder, roots, note }, null);
}
