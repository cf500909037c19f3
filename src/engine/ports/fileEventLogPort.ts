import { createHash } from "node:crypto";
import { lstat, mkdir, open, readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FileEventLogPort, FileStepFault } from "../../eventlog/FileEventLog.ts";
import type { Sha256 } from "../../eventlog/provenance.ts";
import { describeCause } from "../EngineFault.ts";
import { errorCode } from "./FileSystem.ts";
import { isInside } from "./isInside.ts";
import { nodeFileSystem } from "./nodeFileSystem.ts";
import { readWholeFile } from "./readWholeFile.ts";

export const sha256Hex: Sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/**
 * The topic files below the folder of a log. Names of topics are checked by the caller: none holds a separator. `insideOnly`: a topic file
 * that a link leads out of the folder is refused, which the runtime would follow.
 */
export function fileEventLogPort(
  folder: string,
  nowMs: () => bigint = () => BigInt(Date.now()),
  { insideOnly = false }: { readonly insideOnly?: boolean } = {},
): FileEventLogPort {
  const topics = join(folder, "topics");
  const pathOf = (topic: string): string => join(topics, `${topic}.jsonl`);
  /** Throws where nothing is there, too. */
  const checkInside = async (path: string): Promise<void> => {
    if (insideOnly && !isInside(await realpath(folder), await realpath(path)))
      throw new Error("the file is a link out of the log's folder");
  };
  return {
    async stampOf(topic) {
      try {
        await checkInside(pathOf(topic));
        const facts = await stat(pathOf(topic), { bigint: true });
        return { ok: true, stamp: facts.isFile() ? `${facts.ino} ${facts.size} ${facts.mtimeNs}` : null };
      } catch (cause) {
        return isAbsent(cause) ? { ok: true, stamp: null } : fault("open", cause);
      }
    },

    async readTopic(topic) {
      try {
        const before = await this.stampOf(topic);
        if (!before.ok) return before;
        if (before.stamp === null) return { ok: true, file: null };
        const { bytes } = await readWholeFile(nodeFileSystem, pathOf(topic));
        return { ok: true, file: { stamp: before.stamp, bytes } };
      } catch (cause) {
        return fault("open", cause);
      }
    },

    async listTopicFiles() {
      try {
        return { ok: true, names: await readdir(topics) };
      } catch (cause) {
        return isAbsent(cause) ? { ok: true, names: [] } : fault("topics read", cause);
      }
    },

    async appendTopic(topic, bytes, size) {
      try {
        await mkdir(topics, { recursive: true });
      } catch (cause) {
        return fault("mkdir", cause);
      }
      try {
        await checkInside(topics);
        // A link that leads nowhere would have its target made.
        if (await isThere(pathOf(topic))) await checkInside(pathOf(topic));
        const file = await open(pathOf(topic), "a");
        try {
          const facts = await file.stat();
          if (facts.size !== size) return { ok: false, step: "write", reason: `topic ${topic} was written by another program meanwhile` };
          await file.appendFile(bytes);
          return { ok: true };
        } finally {
          await file.close();
        }
      } catch (cause) {
        return fault("write", cause);
      }
    },

    nowMs,
    sha256: sha256Hex,
  };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (cause) {
    if (isAbsent(cause)) return false;
    throw cause;
  }
}

/** Nothing is there, or a part of the path is no folder. */
function isAbsent(cause: unknown): boolean {
  return errorCode(cause) === "ENOENT" || errorCode(cause) === "ENOTDIR";
}

function fault(step: FileStepFault["step"], cause: unknown): FileStepFault {
  return { ok: false, step, reason: cause instanceof Error ? cause.message : describeCause(cause) };
}
