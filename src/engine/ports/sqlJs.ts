/** sql.js: SQLite over bytes in memory, for hosts without a SQLite of their own and for files that must not be touched. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SqlJsStatic } from "sql.js";
import type { MemorySqlite, SqliteImage } from "./SqliteDatabase.ts";

/** The largest database that is read into memory, log included: it is there two to three times for a moment. */
export const MEMORY_LIMIT_BYTES = 256 << 20;

/** Where the build puts sql.js's code: beside the bundles. */
export function bundledSqlWasm(): string {
  return join(__dirname, "sql-wasm.wasm");
}

const loaded = new Map<string, Promise<MemorySqlite>>();

/** sql.js, loaded once. Rejects when its code cannot be read. */
export function loadSqlJs(wasmPath: string): Promise<MemorySqlite> {
  let sqlite = loaded.get(wasmPath);
  if (sqlite === undefined) {
    sqlite = load(wasmPath);
    loaded.set(wasmPath, sqlite);
    sqlite.catch(() => loaded.delete(wasmPath));
  }
  return sqlite;
}

async function load(wasmPath: string): Promise<MemorySqlite> {
  const wasmBinary = await readFile(wasmPath);
  const { default: initSqlJs } = await import("sql.js");
  const sqlJs = await initSqlJs({ wasmBinary });
  return { open: (image) => wrap(sqlJs, image) };
}

function wrap(sqlJs: SqlJsStatic, image: Uint8Array | null): SqliteImage {
  const database = new sqlJs.Database(image ?? undefined);
  let open = true;
  return {
    *rows(sql, ...parameters) {
      const statement = database.prepare(sql);
      try {
        statement.bind(parameters);
        while (statement.step()) yield statement.get(null, { useBigInt: true });
      } finally {
        statement.free();
      }
    },
    run(sql, ...parameters) {
      database.run(sql, parameters);
    },
    bytes: () => database.export(),
    close() {
      if (open) database.close();
      open = false;
    },
  };
}
