import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { LogChoice, RecordPlace } from "../../protocol/engine.ts";
import { oneLine, plural } from "../../view/plainText.ts";
import type { FoundLog } from "../around/FoundLog.ts";
import { quoted } from "../quoted.ts";
import { fileFault } from "./fileFault.ts";
import { errorCode } from "./FileSystem.ts";
import type { FileSystem } from "./FileSystem.ts";
import { isInside } from "./isInside.ts";
import { nodeLogHost, openFileLog, openSqliteLog } from "./openLog.ts";
import type { LogHost, OpenedLog } from "./openLog.ts";
import { rootsOf } from "./trustedFolders.ts";

type Backend = "sqlite" | "file";

/** Where a log may be: a database, or the folder that holds `topics`. */
interface Candidate {
  readonly backend: Backend;
  readonly path: string;
  /** For people: where that is, seen from the record. */
  readonly where: string;
}

/** What a path leads to, all symbolic links followed. */
type Way =
  | { readonly kind: "there"; readonly real: string }
  | { readonly kind: "absent" }
  | { readonly kind: "outside"; readonly real: string }
  | { readonly kind: "unreadable"; readonly reason: string };

/** How notes name the means by which a user says where a log is. */
export interface LogWords {
  /** What named a log. */
  readonly namedBy: string;
  /** What a user does to name one: `name it …`. */
  readonly toName: string;
  /** What a user does to have topic files read instead of a database. */
  readonly toReadFiles: string;
}

const SETTING_WORDS: LogWords = {
  namedBy: "runRecord.eventLog.path",
  toName: "name it in runRecord.eventLog.path",
  toReadFiles: "set runRecord.eventLog.backend to “file”",
};

/** Longest path that is shown, in UTF-16 units. */
const SHOWN_LIMIT = 300;

const NOTHING = { backend: null, path: null, shown: null, view: null } as const;

/**
 * The event log of a record, open for reading (event log format, folders and precedence): the one the settings name, else the nearest from
 * the record's folder up to its base folder, in each the SQLite log before the file log. A log whose real path lies outside of the
 * record's folders is not opened unless the choice allows it. What is there but cannot be read ends the search: a farther log is another
 * one. Never rejects.
 */
export async function findLog(
  fs: FileSystem,
  place: RecordPlace,
  choice: LogChoice,
  host: LogHost = nodeLogHost(),
  words: LogWords = SETTING_WORDS,
): Promise<FoundLog> {
  if (choice.backend === "none") {
    return { ...NOTHING, state: "off", note: choice.reason ?? "No event log is read: runRecord.eventLog.backend is “none”." };
  }
  try {
    const search = new LogSearch({ fs, place, choice, host, words }, await rootsOf(fs, place));
    return choice.path === null ? await search.nearest() : await search.named(choice.path);
  } catch (cause) {
    const { message } = fileFault(cause, place.baseFolder, "read");
    return { ...NOTHING, state: "unreadable", note: `The event log could not be looked for: ${message}` };
  }
}

interface Search {
  readonly fs: FileSystem;
  readonly place: RecordPlace;
  readonly choice: LogChoice;
  readonly host: LogHost;
  readonly words: LogWords;
}

class LogSearch {
  readonly #fs: FileSystem;
  readonly #place: RecordPlace;
  readonly #choice: LogChoice;
  readonly #host: LogHost;
  readonly #words: LogWords;
  /** Folders, and logs that were allowed, within which may be read. */
  readonly #roots: readonly string[];

  constructor({ fs, place, choice, host, words }: Search, roots: readonly string[]) {
    this.#fs = fs;
    this.#place = place;
    this.#choice = choice;
    this.#host = host;
    this.#words = words;
    this.#roots = [...roots, ...choice.allowed];
  }

  async nearest(): Promise<FoundLog> {
    const folders = this.#folders();
    for (const folder of folders) {
      const where = this.#whereIs(folder);
      for (const backend of ["sqlite", "file"] as const) {
        if (this.#choice.backend !== "auto" && this.#choice.backend !== backend) continue;
        const path = join(folder, ".harn", backend === "sqlite" ? "events.sqlite" : "events");
        const found = await this.#at({ backend, path, where });
        if (found !== null) return backend === "sqlite" ? await this.#withNeighbour(found, folder) : found;
      }
    }
    return { ...NOTHING, state: "absent", note: this.#absentNote(folders) };
  }

  /** The log at a path of the settings, whose kind tells the backend. */
  async named(text: string): Promise<FoundLog> {
    const path = resolve(this.#place.baseFolder, text);
    const where = `(named by ${this.#words.namedBy})`;
    if (text.includes("\0")) return this.#unreadable({ backend: "file", path, where }, "it holds a NUL character and is no file path.");
    const way = await this.#follow(path);
    if (way.kind === "absent") {
      return {
        ...NOTHING,
        state: "absent",
        shown: this.#shown(path),
        note: `There is no event log at ${quoted(path)}, which ${this.#words.namedBy} names.`,
      };
    }
    const isFolder = way.kind === "there" && (await this.#fs.stat(way.real)).kind === "folder";
    const backend = way.kind === "there" ? (isFolder ? "file" : "sqlite") : this.#choice.backend === "file" ? "file" : "sqlite";
    if (this.#choice.backend !== "auto" && this.#choice.backend !== backend) {
      const words = isFolder
        ? "it is a folder, and runRecord.eventLog.backend asks for a SQLite log."
        : "it is a file, and runRecord.eventLog.backend asks for a file log, which is a folder.";
      return this.#unreadable({ backend, path, where }, words);
    }
    const folder = isFolder && basename(path) === "topics" && !(await this.#isThere(join(path, "topics"))) ? dirname(path) : path;
    const found = await this.#at({ backend, path: folder, where });
    if (found !== null) return found;
    // A folder without topics: a log nothing was written to yet.
    return {
      ...NOTHING,
      state: "empty",
      shown: this.#shown(path),
      note: `${quoted(this.#shown(path))} ${where} is a folder without topics: no event was logged there yet.`,
    };
  }

  /** The log at a place; null where there is none. */
  async #at(candidate: Candidate): Promise<FoundLog | null> {
    const way = await this.#follow(candidate.path);
    if (way.kind === "absent") return null;
    if (way.kind === "unreadable") return this.#unreadable(candidate, way.reason);
    if (way.kind === "outside") return this.#outside(candidate, way.real);
    if (candidate.backend === "sqlite") return this.#opened(candidate, way.real, await openSqliteLog(this.#fs, way.real, this.#host));

    const topics = await this.#follow(join(way.real, "topics"));
    if (topics.kind === "absent") return null;
    if (topics.kind === "unreadable") return this.#unreadable(candidate, topics.reason);
    if (topics.kind === "outside") return this.#outside(candidate, topics.real);
    // Topic files that links lead out of the log's folder are not read: the folder is the one the topics are really in.
    const folder = isInside(way.real, topics.real) ? way.real : dirname(topics.real);
    if (topics.real !== join(folder, "topics")) return this.#unreadable(candidate, `its topics are a link to ${quoted(topics.real)}.`);
    return this.#opened(candidate, folder, await openFileLog(this.#fs, folder, this.#host));
  }

  #opened(candidate: Candidate, real: string, opened: OpenedLog): FoundLog {
    if (!opened.ok) return this.#unreadable(candidate, opened.reason, real);
    const shown = this.#shown(candidate.path);
    const { backend, where } = candidate;
    const kind = backend === "sqlite" ? "SQLite" : "topic files";
    const isEmpty = opened.topics === 0;
    const facts = opened.topics === null || isEmpty ? kind : `${kind}, ${plural(opened.topics, "topic")}`;
    const note = `Found ${quoted(shown)} (${facts}) ${where}${isEmpty ? "; it holds no event yet" : ""}.`;
    return { state: isEmpty ? "empty" : "found", backend, path: real, shown, note, view: opened.view };
  }

  #unreadable({ backend, path }: Candidate, reason: string, real: string = path): FoundLog {
    const shown = this.#shown(path);
    return {
      ...NOTHING,
      state: "unreadable",
      backend,
      path: real,
      shown,
      note: `The event log ${quoted(shown)} cannot be read: ${reason}`,
    };
  }

  #outside({ path }: Candidate, real: string): FoundLog {
    const from = path === real ? "" : `, where ${quoted(this.#shown(path))} leads,`;
    const note = `The event log ${quoted(real)}${from} lies outside of the workspace. It was not opened.`;
    return { ...NOTHING, state: "outside", path: real, shown: oneLine(real, SHOWN_LIMIT), note };
  }

  /** Says when a log of the other kind lies beside the one that was found. */
  async #withNeighbour(found: FoundLog, folder: string): Promise<FoundLog> {
    if (this.#choice.backend !== "auto" || found.state === "outside") return found;
    const other = join(folder, ".harn", "events");
    if (!(await this.#isThere(join(other, "topics")))) return found;
    const hint = `The topic files in ${quoted(this.#shown(other))} are not read: for that, ${this.#words.toReadFiles}.`;
    return { ...found, note: `${found.note} ${hint}` };
  }

  async #isThere(path: string): Promise<boolean> {
    return (await this.#follow(path)).kind === "there";
  }

  async #follow(path: string): Promise<Way> {
    try {
      const real = await this.#fs.realPath(path);
      return { kind: this.#roots.some((root) => isInside(root, real)) ? "there" : "outside", real };
    } catch (cause) {
      const code = errorCode(cause);
      if (code === "ENOENT" || code === "ENOTDIR") return { kind: "absent" };
      return { kind: "unreadable", reason: fileFault(cause, path, "read").message };
    }
  }

  /** The record's folder and those above it: not above its base folder, not above the workspace folder. */
  #folders(): string[] {
    const { path, baseFolder, workspaceFolder } = this.#place;
    const folders = [dirname(path)];
    for (let at = dirname(path); isInside(baseFolder, at) && at !== baseFolder && at !== workspaceFolder;) {
      const above = dirname(at);
      if (above === at) break;
      folders.push(above);
      at = above;
    }
    return folders;
  }

  #whereIs(folder: string): string {
    if (folder === this.#place.baseFolder) return "in the record's base folder";
    if (folder === dirname(this.#place.path)) return "in the record's own folder";
    return `in ${quoted(this.#shown(folder))}, between the record and its base folder`;
  }

  #absentNote(folders: readonly string[]): string {
    const { backend } = this.#choice;
    const names =
      backend === "sqlite"
        ? ".harn/events.sqlite"
        : backend === "file"
          ? ".harn/events/topics"
          : ".harn/events.sqlite or .harn/events/topics";
    const first = dirname(this.#place.path);
    const last = folders.at(-1) ?? first;
    const looked = first === last ? `in ${quoted(first)}` : `from ${quoted(first)} up to ${quoted(last)}`;
    return `No event log was found: there is no ${names} ${looked}. If the runtime kept it elsewhere, ${this.#words.toName}.`;
  }

  /** Relative to the base folder where it lies below it. */
  #shown(path: string): string {
    const { baseFolder } = this.#place;
    const text = isInside(baseFolder, path) && path !== baseFolder ? relative(baseFolder, path).split(sep).join("/") : path;
    return oneLine(text, SHOWN_LIMIT);
  }
}
