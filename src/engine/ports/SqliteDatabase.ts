/** One cell as SQLite holds it; integers are exact. */
export type SqliteCell = null | bigint | number | string | Uint8Array;

/** What may be bound to a `?`. */
export type SqliteParameter = null | bigint | string | Uint8Array;

/**
 * An open database, by whichever SQLite the host has. Calls block, and throw SQLite's own errors; `close` does neither twice.
 */
export interface SqliteDatabase {
  /** The rows of a query, one after the other, each with its cells in the order of the columns. */
  rows(sql: string, ...parameters: SqliteParameter[]): Iterable<readonly SqliteCell[]>;
  /** Runs one statement that gives no rows. */
  run(sql: string, ...parameters: SqliteParameter[]): void;
  close(): void;
}

/** A database held in memory, whose bytes can be had. */
export interface SqliteImage extends SqliteDatabase {
  /** The database as a file's content. */
  bytes(): Uint8Array;
}

/** The host's own SQLite. */
export interface HostSqlite {
  /**
   * Opens a file. `immutable`: nobody writes it, so no lock is taken and nothing is made beside it. `readOnly`: with locks and shared
   * memory, so that a writer's newest rows are seen. `write`: makes the file if need be.
   */
  open(path: string, mode: "immutable" | "readOnly" | "write"): SqliteDatabase;
}

/** SQLite over bytes in memory. */
export interface MemorySqlite {
  /** A database of these bytes; none make an empty one. */
  open(image: Uint8Array | null): SqliteImage;
}
