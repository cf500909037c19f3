/** One row of a SQLite log's `events` table as an event (event log format, SQLite backend). */
import { elements, members, stringText } from "../json/cursor.ts";
import type { JsonSlice } from "../json/JsonSlice.ts";
import { scan } from "../json/scan.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import { expandRawValues, freeValueFault } from "../record/freeValue.ts";
import type { LogEvent } from "./LogEvent.ts";

/** How a database stores text. */
export type TextEncoding = "UTF-8" | "UTF-16le" | "UTF-16be";

/** What SQLite's `typeof` says of a cell. */
export type CellType = "null" | "integer" | "real" | "text" | "blob";

/** A cell with its type: texts and blobs as the bytes that are stored, integers exactly, anything else null. */
export interface TypedCell {
  readonly type: CellType;
  readonly content: Uint8Array | bigint | null;
}

export interface EventCells {
  readonly id: TypedCell;
  readonly kind: TypedCell;
  readonly payload: TypedCell;
  readonly headers: TypedCell;
  readonly occurredAtMs: TypedCell;
}

/** The event of a row, or why it is none: what the runtime refuses, told after its `event log row error: `. */
export function eventFromCells(cells: EventCells, encoding: TextEncoding): LogEvent | { readonly fault: string } {
  const id = cells.id.content;
  if (cells.id.type !== "integer" || typeof id !== "bigint") return { fault: `the event's id is ${named(cells.id)}, not an integer` };
  if (id < 0n) return { fault: "sqlite event id is negative" };
  const place = `event ${id}`;

  if (cells.kind.type !== "text") return { fault: `${place}: the kind is ${named(cells.kind)}, not text` };
  const kind = textOf(cells.kind, encoding);
  if (kind === null) return { fault: `${place}: the kind is not valid UTF-8` };

  if (cells.payload.type !== "text" && cells.payload.type !== "blob") {
    return { fault: `${place}: the payload is ${named(cells.payload)}, not JSON` };
  }
  const payload = payloadOf(cells.payload, encoding);
  if ("fault" in payload) return { fault: `${place}: the payload is not JSON the runtime reads: ${payload.fault}` };

  if (cells.headers.type !== "text") return { fault: `${place}: the headers are ${named(cells.headers)}, not text` };
  const headers = headersOf(cells.headers, encoding);
  if ("fault" in headers) return { fault: `${place}: the headers are no object of strings: ${headers.fault}` };

  const occurredAtMs = cells.occurredAtMs.content;
  if (cells.occurredAtMs.type !== "integer" || typeof occurredAtMs !== "bigint") {
    return { fault: `${place}: the time is ${named(cells.occurredAtMs)}, not an integer` };
  }
  return { id, kind, payload: payload.slice, headers: headers.headers, occurredAtMs };
}

function named({ type }: TypedCell): string {
  return type === "integer" ? "an integer" : type === "null" ? "NULL" : `a ${type}`;
}

function bytesOf(cell: TypedCell): Uint8Array {
  return cell.content instanceof Uint8Array ? cell.content : new Uint8Array(0);
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A stored text; null where it is not valid. Half surrogates of UTF-16 become U+FFFD, as they do for SQLite. */
export function textOf(cell: TypedCell, encoding: TextEncoding): string | null {
  const bytes = bytesOf(cell);
  if (encoding !== "UTF-8") return decodeUtf16(bytes, encoding);
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return null;
  }
}

function decodeUtf16(bytes: Uint8Array, encoding: "UTF-16le" | "UTF-16be"): string {
  const even = bytes.subarray(0, bytes.length & ~1);
  let ordered = even;
  if (encoding === "UTF-16be") {
    ordered = new Uint8Array(even.length);
    for (let at = 0; at < even.length; at += 2) {
      ordered[at] = even[at + 1] ?? 0;
      ordered[at + 1] = even[at] ?? 0;
    }
  }
  return new TextDecoder("utf-16le", { ignoreBOM: true }).decode(ordered);
}

/** A cell's JSON text in UTF-8: a blob as it is, whatever the database's encoding. */
function jsonBytesOf(cell: TypedCell, encoding: TextEncoding): Uint8Array {
  if (cell.type === "blob" || encoding === "UTF-8") return bytesOf(cell);
  return new TextEncoder().encode(textOf(cell, encoding) ?? "");
}

function payloadOf(cell: TypedCell, encoding: TextEncoding): { readonly slice: JsonSlice } | { readonly fault: string } {
  const tape = scan(jsonBytesOf(cell, encoding));
  const fault = valueFault(tape);
  if (fault !== null) return { fault };
  const slice = expandRawValues({ tape, node: 0 });
  return "code" in slice ? { fault: slice.message } : { slice };
}

function headersOf(cell: TypedCell, encoding: TextEncoding): { readonly headers: Map<string, string> } | { readonly fault: string } {
  const tape = scan(jsonBytesOf(cell, encoding));
  const fault = valueFault(tape);
  if (fault !== null) return { fault };
  if (tape.kind(0) !== "object") return { fault: `they are ${shown(tape, 0)}` };
  const headers = new Map<string, string>();
  for (const [key, value] of members(tape, 0)) {
    const name = stringText(tape, key);
    if (tape.kind(value) !== "string") return { fault: `“${name}” is ${shown(tape, value)}` };
    headers.set(name, stringText(tape, value));
  }
  return { headers };
}

function shown(tape: Tape, node: NodeId): string {
  const kind = tape.kind(node);
  if (kind === "array") return `a list of ${String([...elements(tape, node)].length)}`;
  return kind === "object" ? "an object" : kind === "string" ? "a string" : kind === "number" ? "a number" : kind;
}

/** Why a text is no value for the runtime's reader; null when it is one. */
function valueFault(tape: Tape): string | null {
  if (tape.invalidUtf8At !== -1) return `invalid UTF-8 at byte ${tape.invalidUtf8At + 1}`;
  if (tape.hasBom) return "a byte order mark before the value";
  if (tape.error !== undefined) return `${tape.error.reason} at byte ${tape.error.offset + 1}`;
  const fault = freeValueFault(tape, 0, 0);
  return fault === undefined ? null : `${fault.message} at byte ${tape.start(fault.node) + 1}`;
}
