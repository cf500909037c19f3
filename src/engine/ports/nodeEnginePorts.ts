import { basename, dirname, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { EnginePorts } from "../EnginePorts.ts";
import { atomicWrite } from "./atomicWrite.ts";
import { sha256Hex } from "./fileEventLogPort.ts";
import { fileFault } from "./fileFault.ts";
import { findLog } from "./findLog.ts";
import { findRecords } from "./findRecords.ts";
import { lookAt } from "./lookAt.ts";
import { newUuid } from "./newUuid.ts";
import { nodeLogHost } from "./openLog.ts";
import { nodeFileSystem } from "./nodeFileSystem.ts";
import { readHead } from "./readHead.ts";
import { readRange } from "./readRange.ts";
import { readWholeFile } from "./readWholeFile.ts";
import { recordPorts } from "./recordPorts.ts";
import { resolveStoredPath } from "./resolveStoredPath.ts";
import { rootsOf } from "./trustedFolders.ts";

/** The engine's ports on Node: in the worker thread and on the command line. `sqlWasm`: the file of sql.js's code, where it is not beside the bundles. */
export function nodeEnginePorts(log: EnginePorts["log"], sqlWasm?: string): EnginePorts {
  const fs = nodeFileSystem;
  const logHost = nodeLogHost(sqlWasm);
  return {
    readFile: async (path, signal) => (await readWholeFile(fs, path, { signal })).bytes,
    readHead: async (path, length) => readHead(fs, path, length),
    writeFile: async (path, bytes, options) => atomicWrite(fs, path, bytes, options),
    recordPorts: async (place, targetPath, note, activeLog) =>
      recordPorts(fs, { baseFolder: place.baseFolder, roots: await rootsOf(fs, place, dirname(targetPath)), note }, activeLog),
    findLog: async (place, choice) => findLog(fs, place, choice, logHost),
    lookAt: async (path) => lookAt(fs, path),
    readRange: async (path, position, length, signal) => readRange(fs, path, position, length, signal),
    async listFolder(path) {
      try {
        return await fs.listFolder(path);
      } catch {
        return null;
      }
    },
    namesFile: (baseFolder, stored, path) => stored !== "" && !stored.includes("\0") && resolve(baseFolder, stored) === resolve(path),
    fileName: (path) => basename(path),
    resolveStoredPath: async (stored, place) => resolveStoredPath(stored, place, fs),
    findRecords: async (folders, signal) => findRecords(fs, folders, signal),
    async isSameFile(a, b) {
      if (a === b) return true;
      try {
        return (await fs.realPath(a)) === (await fs.realPath(b));
      } catch (cause) {
        const fault = fileFault(cause, a, "read");
        if (fault.error.code !== "notFound") log("warn", `${fault.message} ${fault.error.detail ?? ""}`);
        return false;
      }
    },
    sha256: sha256Hex,
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    newToken: newUuid,
    later: (ms, callback) => void setTimeout(callback, ms).unref(),
    pause: async () => {
      await nextTurn();
    },
    log,
  };
}
