import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { errorCode } from "./FileSystem.ts";
import { newUuid } from "./newUuid.ts";
import type { LockHost } from "./saveLock.ts";

/** This process, for lock files. */
export const nodeLockHost: LockHost = {
  pid: process.pid,
  hostName: hostname(),
  nowMs: Date.now,
  isAlive(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (cause) {
      return errorCode(cause) !== "ESRCH"; // EPERM: it lives, but is another user's
    }
  },
  wait: async (ms) => {
    await wait(ms);
  },
  newUuid,
};
