/** The part of sql.js that is used, with the exact integers its own types leave out. */
declare module "sql.js" {
  type SqlJsCell = null | bigint | number | string | Uint8Array;

  interface SqlJsStatement {
    bind(parameters: readonly SqlJsCell[]): boolean;
    step(): boolean;
    get(parameters: null, options: { readonly useBigInt: true }): SqlJsCell[];
    free(): boolean;
  }

  interface SqlJsDatabase {
    prepare(sql: string): SqlJsStatement;
    run(sql: string, parameters?: readonly SqlJsCell[]): unknown;
    exec(sql: string): { readonly columns: string[]; readonly values: SqlJsCell[][] }[];
    /** Closes and opens the database again: settings of the connection are lost, open statements freed. */
    export(): Uint8Array;
    close(): void;
  }

  export interface SqlJsStatic {
    readonly Database: new (image?: Uint8Array) => SqlJsDatabase;
  }

  export default function initSqlJs(options?: { readonly wasmBinary?: Uint8Array }): Promise<SqlJsStatic>;
}
