import { FILE_ROLES, mainRole, orderedRoles } from "../../view/files/FileFacts.ts";
import type { FileFacts, FileHead, FileRole, NamedBy } from "../../view/files/FileFacts.ts";
import type { NamedFile } from "../../view/files/namedFiles.ts";
import { oneLine } from "../../view/plainText.ts";

/** Places kept of those that name one file. */
const NAMED_BY_LIMIT = 20;
/** Most UTF-16 units of a file's path in the table. */
const SHOWN_LIMIT = 300;

/** What was seen of a file when it was looked at. */
export type FileSeen = Pick<FileFacts, "state" | "isFolder" | "path" | "size" | "changedMs" | "note">;
export const NOT_SEEN: FileSeen = { state: "unknown", isFolder: false, path: null, size: null, changedMs: null, note: "" };

/** One spelling of a path: who names it so, and what was seen there. */
export interface FileEntry {
  readonly key: string;
  /** The text to look for; for a file found by listing a folder its absolute path. */
  readonly name: string;
  readonly isStored: boolean;
  /** Nothing is missing where it is not there: then it is no row. */
  readonly isOptional: boolean;
  readonly roles: Set<FileRole>;
  readonly namedBy: NamedBy[];
  readonly namedByCount: number;
  readonly seen: FileSeen;
  readonly head: FileHead | null;
}

interface Entry extends FileEntry {
  namedByCount: number;
  seen: FileSeen;
  head: FileHead | null;
  /** Its row, where it is the only name of its file; null when that must be made anew. */
  facts: FileFacts | null;
}

/** The files that are known, by the text they are named by, and as rows: files that turn out to be the same are one row. */
export class FileRegister {
  readonly #entries = new Map<string, Entry>();
  readonly #limit: number;
  readonly #shownPath: (path: string) => string;
  /** A path that leads to the same file as another one, and that other one. */
  readonly #sameAs = new Map<string, string>();
  #refused = 0;

  /**
   * @param limit most files; further ones the record names are only counted
   * @param shownPath an absolute path as people read it
   */
  constructor(limit: number, shownPath: (path: string) => string) {
    this.#limit = limit;
    this.#shownPath = shownPath;
  }

  get entries(): Iterable<FileEntry> {
    return this.#entries.values();
  }

  /** How many names were left out. */
  get refused(): number {
    return this.#refused;
  }

  /** Takes over what an older register saw, so that nothing is unknown that was known. */
  remember(older: FileRegister): void {
    for (const entry of this.#entries.values()) {
      const known = older.#entries.get(entry.key);
      if (known === undefined) continue;
      entry.seen = known.seen;
      entry.head = known.head;
    }
    for (const [path, other] of older.#sameAs) this.#sameAs.set(path, other);
  }

  /** A path the record names; null when there are too many. */
  addNamed({ stored, role, by }: NamedFile): FileEntry | null {
    return this.#add(stored, { isStored: true, isOptional: false }, role, by);
  }

  /** A file known by its absolute path. `isOptional`: no row where it is not there. */
  addFound(path: string, role: FileRole, by: string, isOptional = false): FileEntry | null {
    return this.#add(path, { isStored: false, isOptional }, role, { text: by, jsonPath: "", rowId: null });
  }

  /** What was seen of a file when it was looked at. */
  setSeen({ key }: FileEntry, seen: FileSeen): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) Object.assign(entry, { seen, facts: null });
  }

  /** What the beginning of a file tells. */
  setHead({ key }: FileEntry, head: FileHead | null): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) Object.assign(entry, { head, facts: null });
  }

  /** Two paths of one file: from now on one row. */
  join(path: string, other: string): void {
    this.#sameAs.set(path, this.fileOf(other));
  }

  /** The path by which a file goes, of all that lead to it. */
  fileOf(path: string): string {
    return this.#sameAs.get(path) ?? path;
  }

  /** One row a file: the record first, then by role, else as they were named. */
  rows(): FileFacts[] {
    const groups = new Map<string, Entry[]>();
    for (const entry of this.#entries.values()) {
      const { path, state } = entry.seen;
      if (entry.isOptional && (state === "absent" || state === "unknown")) continue;
      const key = path === null ? `name ${entry.key}` : `path ${this.fileOf(path)}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [entry]);
      else group.push(entry);
    }
    const rows = [...groups.values()].map((group) => this.#factsOf(group));
    return rows.sort((a, b) => FILE_ROLES[mainRole(a)].order - FILE_ROLES[mainRole(b)].order);
  }

  #factsOf(group: readonly Entry[]): FileFacts {
    const only = group.length === 1 ? group[0] : undefined;
    if (only === undefined) return factsOf(group, this.#shownPath);
    return (only.facts ??= factsOf(group, this.#shownPath));
  }

  #add(name: string, kind: Pick<FileEntry, "isStored" | "isOptional">, role: FileRole, by: NamedBy): FileEntry | null {
    const key = keyOf(name);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      if (kind.isStored && this.#entries.size >= this.#limit) {
        this.#refused++;
        return null;
      }
      entry = { key, name, ...kind, roles: new Set(), namedBy: [], namedByCount: 0, seen: NOT_SEEN, head: null, facts: null };
      this.#entries.set(key, entry);
    }
    entry.facts = null;
    entry.roles.add(role);
    if (entry.namedBy.some(({ text, jsonPath }) => text === by.text && jsonPath === by.jsonPath)) return entry;
    entry.namedByCount++;
    if (entry.namedBy.length < NAMED_BY_LIMIT) entry.namedBy.push(by);
    return entry;
  }
}

/** Longer texts are no paths; they are told apart by their beginning and length. */
function keyOf(name: string): string {
  const text = name.replace(/^(?:\.\/)+/, "");
  return text.length > 4096 ? `${text.slice(0, 4096)}… ${text.length}` : text;
}

function factsOf(group: readonly FileEntry[], shownPath: (path: string) => string): FileFacts {
  const first = group[0];
  const seen = group.find(({ seen: { state } }) => state === "present")?.seen ?? first?.seen ?? NOT_SEEN;
  const stored = group.filter(({ isStored }) => isStored).map(({ name }) => (name.length > 4096 ? oneLine(name, SHOWN_LIMIT) : name));
  const nearPath = seen.state === "outside" ? null : seen.path;
  return {
    id: `@file:${first?.key ?? ""}`,
    shown: oneLine(nearPath === null ? (first?.name ?? "") : shownPath(nearPath), SHOWN_LIMIT),
    stored,
    roles: orderedRoles(group.flatMap(({ roles }) => [...roles])),
    namedBy: group.flatMap(({ namedBy }) => namedBy).slice(0, NAMED_BY_LIMIT),
    namedByCount: group.reduce((sum, { namedByCount }) => sum + namedByCount, 0),
    ...seen,
    head: group.find(({ head }) => head !== null)?.head ?? null,
  };
}
