import { llmTranscriptSidecarPath } from "../../record/llmTranscriptSidecarPath.ts";
import type { ResolvedPath } from "../../protocol/engine.ts";
import { NOTHING_AROUND } from "../../view/aroundRows.ts";
import { fileDetail } from "../../view/files/fileDetail.ts";
import type { FileFacts, FileRole } from "../../view/files/FileFacts.ts";
import { FILES_TABLE, filesAlert, filesSummary } from "../../view/files/filesTable.ts";
import { namedFiles } from "../../view/files/namedFiles.ts";
import type { OpenRequest, TableWindow } from "../../view/tables.ts";
import type { DetailSection } from "../../view/types.ts";
import type { DocumentState } from "../DocumentState.ts";
import type { AroundContext, AroundDetail, AroundPart } from "./AroundPart.ts";
import type { FoundLog } from "./FoundLog.ts";
import { FileRegister } from "./FileRegister.ts";
import type { FileEntry } from "./FileRegister.ts";
import { FilesBeside, folderOf, joined } from "./FilesBeside.ts";
import { fileSeen } from "./fileSeen.ts";
import { ModelTable } from "./ModelTable.ts";

/** Most paths of one record that are followed. */
const FILE_LIMIT = 50_000;
/** Files looked at before `look` settles, and again when files came to their folder, or went. */
const LOOK_COUNT = 100;
/** Files looked at again with each further call, all of them in turn: little enough that a run which is over costs next to nothing. */
const AGAIN_COUNT = 8;
/** Files looked at at the same time. */
const PARALLEL = 8;
/** Names gathered between two pauses. */
const GATHER_COUNT = 2000;
/** Most files whose beginning is read for their status. */
const HEAD_LIMIT = 200;
/** Most pairs of paths compared for leading to one file, in one go. */
const SAME_FILE_LIMIT = 50;
/** Roles whose files say how the run they tell of ended. */
const STATUS_ROLES: ReadonlySet<FileRole> = new Set(["childRecord", "snapshot", "version", "parentRecord", "rootRecord"]);

/**
 * The files a record names and those that lie beside it (event log format, files beside a record). Stored paths are followed by the
 * engine's own rule; nothing outside of the workspace is looked at. The first files are looked at before `look` settles, the rest in the
 * background; after that each call looks at some of them again, in turn.
 */
export class FilesPart implements AroundPart {
  readonly tables: readonly [ModelTable<FileFacts>];
  readonly rows = NOTHING_AROUND;
  readonly openRequests: readonly OpenRequest[] = [];
  readonly #context: AroundContext;
  readonly #beside: FilesBeside;
  #register: FileRegister;
  /** The record and the log the register was gathered from. */
  #gathered: { readonly state: DocumentState; readonly log: string } | null = null;
  #found: Awaited<ReturnType<FilesBeside["find"]>> = { files: [], faults: [] };
  #folderStamp = "";
  /** The record whose neighbours were looked for. */
  #foundFor: DocumentState | null = null;
  #progress: TableWindow["progress"] = null;
  #running = false;
  /** Which of the files is looked at next. */
  #next = 0;

  constructor(context: AroundContext) {
    this.#context = context;
    this.#register = this.#newRegister();
    this.#beside = new FilesBeside(context.place, context.ports, context.signal);
    this.tables = [
      new ModelTable(FILES_TABLE, {
        summary: filesSummary,
        sources: () => [],
        faults: () => this.#faults(),
        progress: () => this.#progress,
        alert: filesAlert,
        detail: (facts) => Promise.resolve(this.#detail(facts)),
        filePath: (facts) => this.#filePath(facts),
      }),
    ];
  }

  async look(): Promise<void> {
    if (this.#running || this.#context.signal.aborted) return;
    this.#running = true;
    await new Promise<void>((settle) => {
      void this.#run(settle)
        .catch((cause: unknown) => {
          if (!this.#context.signal.aborted)
            this.#context.ports.log("error", `Files beside the record were not looked at: ${String(cause)}`);
        })
        .finally(() => {
          this.#running = false;
          this.#progress = null;
          settle();
        });
    });
  }

  recordChanged(): void {
    // Told by comparing, with the next look.
  }

  logChanged(): void {
    // Told by comparing, with the next look.
  }

  treeSections(): readonly DetailSection[] {
    return [];
  }

  /** `firstSeen` is called when enough was looked at for a first window. */
  async #run(firstSeen: () => void): Promise<void> {
    const { ports, signal } = this.#context;
    const isOther = this.#gathered?.state !== this.#context.state || this.#gathered.log !== logKey(this.#context.log);
    if (isOther) await this.#gather();
    let changed = (await this.#lookAt(this.#due(AGAIN_COUNT), firstSeen)) || isOther;
    if (changed) this.#show();
    const stamp = await this.#beside.stamp();
    if (stamp !== this.#folderStamp || this.#foundFor !== this.#context.state) {
      const cameOrWent = this.#folderStamp !== "" && stamp !== this.#folderStamp;
      this.#folderStamp = stamp;
      this.#foundFor = this.#context.state;
      const known = new Set([...this.#register.entries].flatMap(({ isStored, seen }) => (isStored ? (seen.path ?? []) : [])));
      this.#found = await this.#beside.find(this.#context.state.reading.record, known);
      await this.#gather();
      changed = (await this.#lookAt(this.#unknown(), firstSeen)) || changed;
      if (cameOrWent) changed = (await this.#lookAt(this.#due(LOOK_COUNT), firstSeen)) || changed;
      this.#show();
    }
    if (!changed || signal.aborted) return;
    await ports.pause();
    const more = [await this.#readHeads(), await this.#joinSameFiles()];
    if (more.includes(true)) this.#show();
  }

  /** Names every file anew; what was seen of those that stay is kept. */
  async #gather(): Promise<void> {
    const { place, ports, state, signal, log } = this.#context;
    const register = this.#newRegister();
    register.addFound(place.path, "record", "this file");
    const sidecar = llmTranscriptSidecarPath(ports.fileName(place.path));
    if (sidecar !== null)
      register.addFound(joined(folderOf(place.path, ports), ...sidecar.split("/")), "sidecar", "beside the record", true);
    let count = 0;
    for (const named of namedFiles(state.reading.record)) {
      register.addNamed(named);
      if (++count % GATHER_COUNT !== 0) continue;
      await ports.pause();
      if (signal.aborted) return;
    }
    for (const { path, role, by } of this.#found.files) register.addFound(path, role, by);
    register.remember(this.#register);
    this.#gatherLog(register, log);
    this.#register = register;
    this.#gathered = { state, log: logKey(log) };
  }

  #gatherLog(register: FileRegister, log: FoundLog | null): void {
    if (log === null || log.path === null) return;
    const entry = register.addFound(log.path, "log", "active event log");
    if (entry === null) return;
    if (log.view === null) {
      const state = log.state === "outside" ? "outside" : "unreadable";
      register.setSeen(entry, { state, isFolder: false, path: log.path, size: null, changedMs: null, note: log.note });
    } else if (log.backend === "sqlite") {
      for (const tail of ["-wal", "-shm"]) register.addFound(log.path + tail, "log", "active event log", true);
    }
  }

  /** What was never looked at; where there is no such file some of the known ones, in turn. */
  #due(count: number): FileEntry[] {
    const unknown = this.#unknown();
    if (unknown.length > 0) return unknown;
    const entries = [...this.#register.entries];
    const due = entries.slice(this.#next, this.#next + count);
    this.#next = this.#next + count >= entries.length ? 0 : this.#next + count;
    return due;
  }

  #unknown(): FileEntry[] {
    return [...this.#register.entries].filter(({ seen }) => seen.state === "unknown");
  }

  /** Looks at files, several at a time; answers whether one of them was not what was known of it. */
  async #lookAt(entries: readonly FileEntry[], firstSeen: () => void): Promise<boolean> {
    const { ports, signal } = this.#context;
    let changed = false;
    let showAt = LOOK_COUNT;
    for (let at = 0; at < entries.length && !signal.aborted; at += PARALLEL) {
      const seen = await Promise.all(entries.slice(at, at + PARALLEL).map((entry) => this.#lookAtOne(entry)));
      changed ||= seen.includes(true);
      const done = at + seen.length;
      if (done >= showAt && done < entries.length) {
        this.#progress = { done, total: entries.length };
        this.#show();
        firstSeen();
        // Rows are made of all files each time: seldom enough that many files cost no more than their number.
        showAt = done * 2;
      }
      await ports.pause();
    }
    this.#progress = null;
    return changed;
  }

  async #lookAtOne(entry: FileEntry): Promise<boolean> {
    const before = entry.seen;
    const { place, ports, log } = this.#context;
    const seen = await fileSeen(entry, place, log, ports);
    this.#register.setSeen(entry, seen);
    return before.state !== seen.state || before.path !== seen.path || before.size !== seen.size || before.changedMs !== seen.changedMs;
  }

  /** Reads how the runs beside ended; answers whether something is new. */
  async #readHeads(): Promise<boolean> {
    let changed = false;
    let count = 0;
    for (const entry of this.#register.entries) {
      const { state, path, size, changedMs } = entry.seen;
      if (state !== "present" || path === null || ![...entry.roles].some((role) => STATUS_ROLES.has(role))) continue;
      if (++count > HEAD_LIMIT || this.#context.signal.aborted) break;
      const head = await this.#beside.head(path, `${size ?? ""} ${changedMs ?? ""}`);
      changed ||= head?.status !== entry.head?.status || head?.id !== entry.head?.id;
      this.#register.setHead(entry, head);
      await this.#context.ports.pause();
    }
    return changed;
  }

  /** Paths of one name, size and time may lead to one file by way of a symbolic link. */
  async #joinSameFiles(): Promise<boolean> {
    const { ports } = this.#context;
    const firsts = new Map<string, string>();
    let changed = false;
    let compared = 0;
    for (const { seen } of this.#register.entries) {
      if (seen.state !== "present" || seen.path === null) continue;
      const path = this.#register.fileOf(seen.path);
      const key = `${ports.fileName(path)} ${seen.size ?? ""} ${seen.changedMs ?? ""}`;
      const first = firsts.get(key);
      if (first === undefined) firsts.set(key, path);
      else if (first !== path && ++compared <= SAME_FILE_LIMIT && (await ports.isSameFile(first, path))) {
        this.#register.join(path, first);
        changed = true;
      }
    }
    return changed;
  }

  #show(): void {
    this.tables[0].set(this.#register.rows());
    this.#context.changed("table");
  }

  #newRegister(): FileRegister {
    return new FileRegister(FILE_LIMIT, (path) => this.#shownPath(path));
  }

  #shownPath(path: string): string {
    const base = this.#context.place.baseFolder.replace(/[\\/]+$/, "");
    if (!path.startsWith(base) || !/^[\\/]/.test(path.slice(base.length))) return path;
    const below = path.slice(base.length + 1);
    return base.includes("\\") ? below.replaceAll("\\", "/") : below;
  }

  #faults(): string[] {
    const { refused } = this.#register;
    const left = `The record names more files than can be shown: ${refused.toLocaleString("en-US")} names were left out.`;
    return refused > 0 ? [left, ...this.#found.faults] : [...this.#found.faults];
  }

  #detail(facts: FileFacts): AroundDetail {
    const { place, ports } = this.#context;
    const folders = [place.baseFolder, folderOf(place.path, ports).replace(/(.)[\\/]$/, "$1"), place.workspaceFolder ?? ""];
    return {
      detail: fileDetail(
        facts,
        [...new Set(folders)].filter((folder) => folder !== ""),
      ),
      tapes: [],
    };
  }

  /** Looked for again: it may have come, gone or be another since. */
  async #filePath(facts: FileFacts): Promise<ResolvedPath> {
    const { place, ports } = this.#context;
    return ports.resolveStoredPath(facts.path ?? facts.stored[0] ?? facts.id.slice("@file:".length), place);
  }
}

function logKey(log: FoundLog | null): string {
  return log === null ? "" : `${log.state} ${log.view === null} ${log.path ?? ""}`;
}
