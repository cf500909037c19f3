import type { RecordPlace } from "../../protocol/engine.ts";
import type { RunRecord } from "../../record/types.ts";
import type { FileHead, FileRole } from "../../view/files/FileFacts.ts";
import type { EnginePorts } from "../EnginePorts.ts";
import { fileHead, HEAD_BYTES } from "./fileHead.ts";

/** Most files of one folder whose beginning is read, and most of its folders that are looked into. */
export const BESIDE_LIMIT = 200;
/** In what some versions write the id stands behind long lists: a run record is read so far for it, but only so often. */
const FURTHER_BYTES = 1 << 20;
const FURTHER_LIMIT = 24;

/** A file found by listing a folder. */
export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  readonly role: FileRole;
  /** Why it is listed. */
  readonly by: string;
}

export interface Beside {
  readonly files: readonly FoundFile[];
  /** What was not looked at, a sentence each. */
  readonly faults: readonly string[];
}

type Ports = Pick<EnginePorts, "fileName" | "listFolder" | "lookAt" | "pause" | "readHead" | "resolveStoredPath">;

/** Lists what lies beside a record and belongs to its run; remembers the beginnings it read, so that listing again is cheap. */
export class FilesBeside {
  readonly #place: RecordPlace;
  readonly #ports: Ports;
  readonly #signal: AbortSignal;
  readonly #heads = new Map<string, { readonly stamp: string; readonly head: FileHead | null; readonly text: string }>();
  #further = 0;

  constructor(place: RecordPlace, ports: Ports, signal: AbortSignal) {
    this.#place = place;
    this.#ports = ports;
    this.#signal = signal;
  }

  /** How the folders look now: another text means that files came or went. */
  async stamp(): Promise<string> {
    const looks = await Promise.all([this.folder, this.#receipts].map((folder) => this.#ports.lookAt(folder)));
    return looks.map((look) => look?.changedMs ?? "-").join(" ");
  }

  /** The record's folder, with the separator at its end. */
  get folder(): string {
    return folderOf(this.#place.path, this.#ports);
  }

  /**
   * Replay fixtures, eval suites, session bundles and session logs in the record's folder, other files of the same run and of its parents
   * there, and receipts that name it. `known`: paths that are listed already. Never rejects; every file is checked before it is read.
   */
  async find(record: Pick<RunRecord, "id" | "parent_run_id" | "root_run_id">, known: ReadonlySet<string>): Promise<Beside> {
    const files: FoundFile[] = [];
    const faults: string[] = [];
    const entries = (await this.#ports.listFolder(this.folder)) ?? [];
    const own = this.#ports.fileName(this.#place.path);
    const names = entries.filter(({ name, kind }) => kind !== "folder" && name !== own && /\.json$/i.test(name)).map(({ name }) => name);
    const near = nearestFirst(names, own).filter((name) => !known.has(this.folder + name));
    for (const name of near.slice(0, BESIDE_LIMIT)) {
      const read = await this.#headOf(this.folder + name);
      const told = read === null ? null : roleOf(read.head, record);
      if (told !== null) files.push({ path: this.folder + name, ...told });
    }
    if (near.length > BESIDE_LIMIT) {
      faults.push(`Of ${near.length.toLocaleString("en-US")} JSON files beside the record only ${BESIDE_LIMIT} were looked at.`);
    }
    files.push(...(await this.#sessionLogs(entries)));
    files.push(...(await this.#receiptsOf(record.id, faults)));
    return { files, faults };
  }

  /** The beginning of a file, read again only when it changed; null where it is not there or must not be read. */
  async head(path: string, stamp: string): Promise<FileHead | null> {
    return (await this.#readHead(path, stamp))?.head ?? null;
  }

  get #receipts(): string {
    return joined(this.#place.baseFolder, ".harn", "receipts");
  }

  async #sessionLogs(entries: readonly { readonly name: string; readonly kind: string }[]): Promise<FoundFile[]> {
    const found: FoundFile[] = [];
    const folders = entries.filter(({ name, kind }) => kind === "folder" && !name.endsWith("-llm")).slice(0, BESIDE_LIMIT);
    for (const { name } of folders) {
      const path = joined(this.folder + name, "event_log.jsonl");
      if ((await this.#isThere(path)) !== null) found.push({ path, role: "sessionLog", by: `session ${name}` });
    }
    return found;
  }

  async #receiptsOf(runId: string, faults: string[]): Promise<FoundFile[]> {
    if (runId === "") return [];
    const folder = await this.#ports.resolveStoredPath(this.#receipts, this.#place);
    // A folder is no file to read: inside the workspace it is told as such, elsewhere as outside.
    if (folder.presence !== "unreadable") return [];
    const names = ((await this.#ports.listFolder(this.#receipts)) ?? []).filter(
      ({ name, kind }) => kind !== "folder" && /\.json$/i.test(name),
    );
    const found: FoundFile[] = [];
    for (const { name } of names.slice(0, BESIDE_LIMIT)) {
      const path = joined(this.#receipts, name);
      const read = await this.#headOf(path);
      if (read?.text.includes(runId) === true) found.push({ path, role: "receipt", by: "names the run" });
    }
    if (names.length > BESIDE_LIMIT) {
      faults.push(`Of ${names.length.toLocaleString("en-US")} receipts only ${BESIDE_LIMIT} were looked at.`);
    }
    return found;
  }

  async #headOf(path: string): Promise<{ readonly head: FileHead | null; readonly text: string } | null> {
    const stamp = await this.#isThere(path);
    return stamp === null ? null : this.#readHead(path, stamp);
  }

  /** How a file within the trusted folders looks; null where there is none. */
  async #isThere(path: string): Promise<string | null> {
    if (this.#signal.aborted) return null;
    await this.#ports.pause();
    const { presence } = await this.#ports.resolveStoredPath(path, this.#place);
    const look = presence === "present" ? await this.#ports.lookAt(path) : null;
    return look?.kind === "file" ? `${look.size} ${look.changedMs}` : null;
  }

  async #readHead(path: string, stamp: string): Promise<{ readonly head: FileHead | null; readonly text: string } | null> {
    const known = this.#heads.get(path);
    if (known?.stamp === stamp) return known;
    if (this.#signal.aborted) return null;
    try {
      const { bytes, size } = await this.#ports.readHead(path, HEAD_BYTES, this.#signal);
      let head = fileHead(bytes);
      if (head?.type === "run_record" && head.id === "" && bytes.length < size && this.#further < FURTHER_LIMIT) {
        this.#further++;
        head = fileHead((await this.#ports.readHead(path, FURTHER_BYTES, this.#signal)).bytes);
      }
      // The text is wanted of receipts only.
      const text = path.startsWith(this.#receipts) ? new TextDecoder().decode(bytes) : "";
      this.#heads.set(path, { stamp, head, text });
      return { head, text };
    } catch {
      // It went, or cannot be read: its row says so, where it has one.
      return null;
    }
  }
}

/** The folder of a file, with the separator at its end. */
export function folderOf(path: string, ports: Pick<EnginePorts, "fileName">): string {
  return path.slice(0, path.length - ports.fileName(path).length);
}

/** Parts below a folder; with the folder's own separator. */
export function joined(folder: string, ...parts: readonly string[]): string {
  const separator = folder.includes("/") || !folder.includes("\\") ? "/" : "\\";
  return [folder.replace(/[\\/]+$/, ""), ...parts].join(separator);
}

/** Names that share most of their beginning with the record's come first: they are the likeliest to be of its run. */
function nearestFirst(names: readonly string[], own: string): string[] {
  const shared = (name: string): number => {
    let length = 0;
    while (length < own.length && name[length] === own[length]) length++;
    return length;
  };
  return names
    .map((name) => ({ name, shared: shared(name) }))
    .sort((a, b) => b.shared - a.shared || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}

function roleOf(
  head: FileHead | null,
  record: Pick<RunRecord, "id" | "parent_run_id" | "root_run_id">,
): { readonly role: FileRole; readonly by: string } | null {
  switch (head?.type) {
    case "replay_fixture":
      return { role: "fixture", by: "beside the record" };
    case "eval_suite_manifest":
      return { role: "suite", by: "beside the record" };
    case "harn_session_bundle":
      return { role: "bundle", by: "beside the record" };
    case "run_record":
      if (head.id === "") return null;
      if (head.id === record.id) return { role: "version", by: "has the same run id" };
      if (head.id === record.parent_run_id) return { role: "parentRecord", by: "parent_run_id" };
      return head.id === record.root_run_id ? { role: "rootRecord", by: "root_run_id" } : null;
    default:
      return null;
  }
}
