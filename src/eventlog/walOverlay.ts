/**
 * SQLite databases as bytes: what a reader without locks and without shared memory needs to know of the main file and of its write-ahead
 * log (SQLite's public file format description, sections on the database header and on the write-ahead log).
 */

const DATABASE_HEADER_BYTES = 100;
const MAGIC = "SQLite format 3\0";
/** Offsets in the database header: "written by" and "readable by" versions, 1 for a rollback journal and 2 for a write-ahead log. */
const WRITE_VERSION = 18;
const READ_VERSION = 19;
const ROLLBACK_JOURNAL = 1;
const WRITE_AHEAD_LOG = 2;

const WAL_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** Last bit of the magic number: 1 when the checksums were computed over big-endian words. */
const WAL_MAGIC = 0x377f0682;
const WAL_VERSION = 3_007_000;

const MIN_PAGE_BYTES = 512;
const MAX_PAGE_BYTES = 65_536;

/** What a database's header says. */
export interface DatabaseHeader {
  /** Bytes: a power of two from 512 to 65536. */
  readonly pageBytes: number;
  /** Whether its writers keep a write-ahead log. */
  readonly walMode: boolean;
}

/** The header of a main file; null where the bytes are too few or no SQLite database. An empty file is an empty database and has none. */
export function readDatabaseHeader(main: Uint8Array): DatabaseHeader | null {
  if (main.length < DATABASE_HEADER_BYTES) return null;
  for (let at = 0; at < MAGIC.length; at++) if (main[at] !== MAGIC.charCodeAt(at)) return null;
  const stored = ((main[16] ?? 0) << 8) | (main[17] ?? 0);
  const pageBytes = stored === 1 ? MAX_PAGE_BYTES : stored;
  if (!isPageSize(pageBytes)) return null;
  return { pageBytes, walMode: main[WRITE_VERSION] === WRITE_AHEAD_LOG || main[READ_VERSION] === WRITE_AHEAD_LOG };
}

/** What tells one generation of a write-ahead log from the next: its whole header, with the salts and the checkpoint number. */
export function sameWalHeader(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length < WAL_HEADER_BYTES || right.length < WAL_HEADER_BYTES) return left.length === right.length;
  for (let at = 0; at < WAL_HEADER_BYTES; at++) if (left[at] !== right[at]) return false;
  return true;
}

/** The committed part of a write-ahead log. */
export interface CommittedWal {
  readonly pageBytes: number;
  /** Size of the database after the last commit, in pages. */
  readonly pageCount: number;
  /** Page number (from 1) → offset of its newest committed content in the log. */
  readonly pages: ReadonlyMap<number, number>;
}

/**
 * Reads a write-ahead log up to its last commit. What follows, and a log that is empty, stale, torn or of a version unknown to us, counts as
 * not there, as it does for SQLite when it recovers: null when nothing is committed.
 */
export function readCommittedWal(wal: Uint8Array): CommittedWal | null {
  if (wal.length < WAL_HEADER_BYTES) return null;
  const view = new DataView(wal.buffer, wal.byteOffset, wal.byteLength);
  const magic = view.getUint32(0);
  if ((magic & ~1) >>> 0 !== WAL_MAGIC) return null;
  const littleEndian = (magic & 1) === 0;
  const pageBytes = view.getUint32(8);
  if (view.getUint32(4) !== WAL_VERSION || !isPageSize(pageBytes)) return null;

  const sum: Checksum = { first: 0, second: 0 };
  addToChecksum(sum, view, 0, WAL_HEADER_BYTES - 8, littleEndian);
  if (view.getUint32(24) !== sum.first || view.getUint32(28) !== sum.second) return null;

  const pages = new Map<number, number>();
  /** Frames since the last commit. */
  let open: [page: number, offset: number][] = [];
  let pageCount = 0;
  for (let at = WAL_HEADER_BYTES; at + FRAME_HEADER_BYTES + pageBytes <= wal.length; at += FRAME_HEADER_BYTES + pageBytes) {
    const page = view.getUint32(at);
    if (page === 0 || view.getUint32(at + 8) !== view.getUint32(16) || view.getUint32(at + 12) !== view.getUint32(20)) break;
    addToChecksum(sum, view, at, 8, littleEndian);
    addToChecksum(sum, view, at + FRAME_HEADER_BYTES, pageBytes, littleEndian);
    if (view.getUint32(at + 16) !== sum.first || view.getUint32(at + 20) !== sum.second) break;
    open.push([page, at + FRAME_HEADER_BYTES]);
    const sizeAfterCommit = view.getUint32(at + 4);
    if (sizeAfterCommit === 0) continue;
    pageCount = sizeAfterCommit;
    for (const [number, offset] of open) pages.set(number, offset);
    open = [];
  }
  return pageCount === 0 ? null : { pageBytes, pageCount, pages };
}

/**
 * The database as a reader of both files sees it: a new image in which every page has its newest committed content, and which no longer
 * says that it needs a write-ahead log. An empty main file is an empty database whatever lies in the log: SQLite throws that log away.
 *
 * @param main the main file, which is left as it is
 * @param wal the write-ahead log beside it; may be longer than what is in use, torn at its end, or empty
 * @throws RangeError when the database is larger than the host can hold in one buffer
 */
export function applyWal(main: Uint8Array, wal: Uint8Array): Uint8Array {
  const committed = main.length === 0 ? null : readCommittedWal(wal);
  if (committed === null) {
    // Not `slice`, which gives a view of the same memory where the bytes are a Node buffer.
    return withJournalMode(new Uint8Array(main), ROLLBACK_JOURNAL);
  }
  const { pageBytes, pageCount, pages } = committed;
  const image = new Uint8Array(pageBytes * pageCount);
  image.set(main.length > image.length ? main.subarray(0, image.length) : main);
  for (const [page, offset] of pages) {
    if (page <= pageCount) image.set(wal.subarray(offset, offset + pageBytes), (page - 1) * pageBytes);
  }
  return withJournalMode(image, ROLLBACK_JOURNAL);
}

/** Sets in an image that its writers keep a write-ahead log, as the runtime's do. Changes the bytes given, and answers them. */
export function withWalMode(image: Uint8Array): Uint8Array {
  return withJournalMode(image, WRITE_AHEAD_LOG);
}

function withJournalMode(image: Uint8Array, version: number): Uint8Array {
  // Only where there is a header of the kind we know: other bytes are not ours to change.
  if (readDatabaseHeader(image) === null) return image;
  if ((image[READ_VERSION] ?? 0) > WRITE_AHEAD_LOG) return image;
  image[WRITE_VERSION] = version;
  image[READ_VERSION] = version;
  return image;
}

function isPageSize(bytes: number): boolean {
  return bytes >= MIN_PAGE_BYTES && bytes <= MAX_PAGE_BYTES && (bytes & (bytes - 1)) === 0;
}

/** The running checksum of a log: two 32-bit sums, unsigned. */
interface Checksum {
  first: number;
  second: number;
}

/** Adds `length` bytes (a multiple of 8) from `offset` on. */
function addToChecksum(sum: Checksum, view: DataView, offset: number, length: number, littleEndian: boolean): void {
  let { first, second } = sum;
  for (let at = offset; at < offset + length; at += 8) {
    first = (first + view.getUint32(at, littleEndian) + second) | 0;
    second = (second + view.getUint32(at + 4, littleEndian) + first) | 0;
  }
  sum.first = first >>> 0;
  sum.second = second >>> 0;
}
