import type { FileSystem } from "../../../src/engine/ports/FileSystem.ts";
import { nodeFileSystem } from "../../../src/engine/ports/nodeFileSystem.ts";

/** A file system error as Node gives it. */
export function fsError(code: string): Error {
  return Object.assign(new Error(`${code}: made by the test`), { code });
}

/** What happens before a call: throw to make it fail. `path` is its first path. */
export type Before = (call: string, path: string) => void | Promise<void>;

/** The real file system, with a look in before every call, those on open files included (`file.write`, `file.sync`, …). */
export function watchedFileSystem(before: Before, inner: FileSystem = nodeFileSystem): FileSystem {
  return new Proxy(inner, {
    get(target, name: keyof FileSystem) {
      const call = target[name] as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]): Promise<unknown> => {
        const path = args[0] as string;
        await before(name, path);
        const result = await call.apply(target, args);
        if (name !== "openToRead" && name !== "create") return result;
        return new Proxy(result as object, {
          get(file, member: string) {
            const method = (file as Record<string, (...rest: unknown[]) => Promise<unknown>>)[member];
            if (typeof method !== "function") return method;
            return async (...rest: unknown[]): Promise<unknown> => {
              await before(`file.${member}`, path);
              return method.apply(file, rest);
            };
          },
        });
      };
    },
  });
}
