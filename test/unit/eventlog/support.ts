import { createHash } from "node:crypto";
import type { FileEventLogPort } from "../../../src/eventlog/FileEventLog.ts";
import { FileEventLog } from "../../../src/eventlog/FileEventLog.ts";
import type { LogEvent } from "../../../src/eventlog/LogEvent.ts";
import type { Sha256 } from "../../../src/eventlog/provenance.ts";
import type { JsonSlice } from "../../../src/json/JsonSlice.ts";
import { scan } from "../../../src/json/scan.ts";

export const sha256: Sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export const slice = (value: unknown): JsonSlice => sliceOfText(JSON.stringify(value));
export const sliceOfText = (text: string): JsonSlice => ({ tape: scan(utf8(text)), node: 0 });

export interface EventGiven {
  readonly id?: number;
  readonly kind?: string;
  readonly payload?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly at?: number;
}

export function logEvent({ id = 1, kind = "k", payload = {}, headers = {}, at = 0 }: EventGiven): LogEvent {
  return { id: BigInt(id), kind, payload: slice(payload), headers: new Map(Object.entries(headers)), occurredAtMs: BigInt(at) };
}

/** A line of a topic file, newline included. */
export function line({ id = 1, kind = "k", payload = {}, headers = {}, at = 0 }: EventGiven): string {
  return `${JSON.stringify({ id, event: { kind, payload, headers, occurred_at_ms: at } })}\n`;
}

/** A folder of topic files in memory. Counts the reads. */
export class MemoryFiles implements FileEventLogPort {
  readonly files = new Map<string, Uint8Array>();
  readonly sha256 = sha256;
  reads = 0;
  now = 1000n;

  put(name: string, text: string): this {
    this.files.set(name, utf8(text));
    return this;
  }

  stampOf(topic: string): ReturnType<FileEventLogPort["stampOf"]> {
    const bytes = this.files.get(`${topic}.jsonl`);
    return Promise.resolve({ ok: true, stamp: bytes === undefined ? null : sha256(bytes) });
  }

  readTopic(topic: string): ReturnType<FileEventLogPort["readTopic"]> {
    this.reads++;
    const bytes = this.files.get(`${topic}.jsonl`);
    return Promise.resolve({ ok: true, file: bytes === undefined ? null : { stamp: sha256(bytes), bytes } });
  }

  listTopicFiles(): ReturnType<FileEventLogPort["listTopicFiles"]> {
    return Promise.resolve({ ok: true, names: [...this.files.keys()] });
  }

  appendTopic(topic: string, bytes: Uint8Array, size: number): ReturnType<FileEventLogPort["appendTopic"]> {
    const before = this.files.get(`${topic}.jsonl`) ?? new Uint8Array();
    if (before.length !== size) return Promise.resolve({ ok: false, step: "write", reason: "changed" });
    this.files.set(`${topic}.jsonl`, new Uint8Array([...before, ...bytes]));
    return Promise.resolve({ ok: true });
  }

  nowMs(): bigint {
    return this.now++;
  }
}

export function memoryLog(files: Readonly<Record<string, string>>): FileEventLog {
  const port = new MemoryFiles();
  for (const [name, text] of Object.entries(files)) port.put(name, text);
  return new FileEventLog(port);
}
