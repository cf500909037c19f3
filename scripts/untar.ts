import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { gunzipSync } from "node:zlib";

/** Bytes of a header and the unit contents are padded to (POSIX ustar). */
const block = 512;

/**
 * Unpacks a gzipped tar of plain files and folders (ustar: names up to 255 bytes, no links) into a folder that exists or is made.
 * Throws on anything else in the archive and on a name that leads out of the folder.
 */
export function untar(archive: string, folder: string): void {
  const bytes = gunzipSync(readFileSync(archive));
  const root = resolve(folder);
  const field = (at: number, offset: number, length: number): string => {
    const text = bytes.toString("utf8", at + offset, at + offset + length);
    const end = text.indexOf("\0");
    return end < 0 ? text : text.slice(0, end);
  };
  for (let at = 0; at + block <= bytes.length && bytes[at] !== 0;) {
    const prefix = field(at, 345, 155);
    const name = prefix === "" ? field(at, 0, 100) : `${prefix}/${field(at, 0, 100)}`;
    const size = Number.parseInt(field(at, 124, 12).trim() || "0", 8);
    const type = field(at, 156, 1);
    const target = join(root, name);
    if (target !== root && !target.startsWith(root + sep)) throw new Error(`${archive}: ${name} leads out of the folder`);
    if (type === "5") {
      mkdirSync(target, { recursive: true });
    } else if (type === "0" || type === "") {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, bytes.subarray(at + block, at + block + size));
    } else {
      throw new Error(`${archive}: ${name} is neither a file nor a folder (type ${type})`);
    }
    at += block + Math.ceil(size / block) * block;
  }
}
