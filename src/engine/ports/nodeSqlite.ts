/** `node:sqlite`, where the host has it: found at run time, since older hosts do not. */
import { pathToFileURL } from "node:url";
import type { HostSqlite, SqliteCell, SqliteDatabase, SqliteParameter } from "./SqliteDatabase.ts";

/** How long a lock is waited for, in milliseconds: as the runtime waits. */
export const BUSY_TIMEOUT_MS = 5000;

/** The part of `node:sqlite` that is used; its own types come with newer versions of Node's than the oldest host's. */
interface NodeSqliteModule {
  readonly DatabaseSync: new (location: URL, options: { readOnly: boolean; timeout: number }) => NodeDatabase;
}

interface NodeDatabase {
  exec(sql: string): void;
  prepare(sql: string): NodeStatement;
  close(): void;
}

interface NodeStatement {
  setReadBigInts(on: boolean): void;
  columns(): readonly { readonly name: string }[];
  iterate(...parameters: SqliteParameter[]): Iterable<Readonly<Record<string, SqliteCell>>>;
  run(...parameters: SqliteParameter[]): unknown;
}

/** The first release whose `DatabaseSync` takes a URL with parameters; before it, such a URL would be taken for a file's name. */
const NEEDED = { major: 22, minor: 15 };

/** The host's own SQLite; null where it has none, or one too old. */
export function nodeSqlite(): HostSqlite | null {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < NEEDED.major || (major === NEEDED.major && minor < NEEDED.minor)) return null;
  const module = loadQuietly();
  if (module === null) return null;
  return {
    open(path, mode) {
      const location = pathToFileURL(path);
      if (mode === "immutable") location.searchParams.set("immutable", "1");
      const database = new module.DatabaseSync(location, { readOnly: mode !== "write", timeout: BUSY_TIMEOUT_MS });
      return wrap(database);
    },
  };
}

/** Loading it prints a warning that it is experimental, which says nothing to a user of ours; other warnings pass. */
function loadQuietly(): NodeSqliteModule | null {
  const warn = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return (process.getBuiltinModule("node:sqlite") as NodeSqliteModule | undefined) ?? null;
  } finally {
    process.emitWarning = warn;
  }
}

function wrap(database: NodeDatabase): SqliteDatabase {
  let open = true;
  return {
    *rows(sql, ...parameters) {
      const statement = database.prepare(sql);
      statement.setReadBigInts(true);
      const names = statement.columns().map(({ name }) => name);
      for (const row of statement.iterate(...parameters)) yield names.map((name) => row[name] ?? null);
    },
    run(sql, ...parameters) {
      if (parameters.length === 0) database.exec(sql);
      else database.prepare(sql).run(...parameters);
    },
    close() {
      if (open) database.close();
      open = false;
    },
  };
}
