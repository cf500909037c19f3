import { hasPython, runPython } from "./python.ts";

/** A main file and a log beside it, and what SQLite itself reads when it opens copies of both. */
export interface WalCase {
  readonly name: string;
  readonly main: Uint8Array;
  readonly wal: Uint8Array;
  /** Rows of the table `t`; null when SQLite refuses the pair. */
  readonly rows: readonly (readonly [id: number, text: string])[] | null;
}

/** Spoilt, stale and whole logs of databases with every page size, some made with big-endian checksums. Random, by a fixed seed. */
export function walCases(): WalCase[] {
  if (!hasPython) return [];
  const cases = runPython(script) as { name: string; main: string; wal: string; rows: WalCase["rows"] }[];
  return cases.map(({ name, main, wal, rows }) => ({ name, main: Buffer.from(main, "base64"), wal: Buffer.from(wal, "base64"), rows }));
}

const script = String.raw`
import base64, json, os, random, sqlite3, struct, sys, tempfile

random.seed(20)
folder = tempfile.mkdtemp()
out = []

def read(path):
    return open(path, "rb").read() if os.path.exists(path) else b""

def answer(main, wal):
    path = os.path.join(folder, "opened.db")
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(path + suffix): os.remove(path + suffix)
    open(path, "wb").write(main)
    if wal: open(path + "-wal", "wb").write(wal)
    db = sqlite3.connect(path)
    try:
        if db.execute("select count(*) from sqlite_master where name='t'").fetchone()[0] == 0: return []
        return db.execute("select id, text from t order by id").fetchall()
    except sqlite3.DatabaseError:
        return None
    finally:
        db.close()

def add(name, main, wal):
    out.append({"name": name, "main": base64.b64encode(main).decode(), "wal": base64.b64encode(wal).decode(), "rows": answer(main, wal)})

def big_endian(wal):
    "The same log with its checksums computed over big-endian words."
    size = struct.unpack(">I", wal[8:12])[0]
    def total(data, pair):
        a, b = pair
        words = struct.unpack(">%dI" % (len(data) // 4), data)
        for i in range(0, len(words), 2):
            a = (a + words[i] + b) & 0xffffffff
            b = (b + words[i + 1] + a) & 0xffffffff
        return a, b
    head = struct.pack(">I", 0x377f0683) + wal[4:24]
    pair = total(head, (0, 0))
    made = head + struct.pack(">2I", *pair)
    at = 32
    while at + 24 + size <= len(wal):
        frame = wal[at:at + 24 + size]
        if frame[8:16] != wal[16:24]: break
        pair = total(frame[24:], total(frame[:8], pair))
        made += frame[:16] + struct.pack(">2I", *pair) + frame[24:]
        at += 24 + size
    return made + wal[at:]

for size in (512, 1024, 2048, 4096, 8192, 16384, 32768, 65536):
    path = os.path.join(folder, "%d.db" % size)
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("pragma page_size=%d" % size)
    db.execute("pragma auto_vacuum=2")
    db.execute("pragma journal_mode=wal")
    db.execute("pragma wal_autocheckpoint=0")
    db.execute("create table t (id integer primary key, text text)")
    db.execute("pragma wal_checkpoint(truncate)")
    for n in range(3):
        db.execute("begin")
        for m in range(4): db.execute("insert into t (text) values (?)", ("%d/%d " % (n, m) + "x" * random.randrange(size // 2),))
        db.execute("commit")
    main, wal = read(path), read(path + "-wal")
    frame = 24 + size
    frames = (len(wal) - 32) // frame
    add("%d whole" % size, main, wal)
    add("%d big-endian checksums" % size, main, big_endian(wal))
    add("%d no log" % size, main, b"")
    for n in range(2):
        add("%d cut at byte" % size, main, wal[:random.randrange(len(wal))])
        add("%d cut at frame" % size, main, wal[:32 + frame * random.randrange(frames)])
        at = random.randrange(32, len(wal))
        add("%d a byte spoilt at %d" % (size, at), main, wal[:at] + bytes([wal[at] ^ 0x10]) + wal[at + 1:])
        at = random.randrange(32)
        if not 4 <= at < 8: add("%d the log's header spoilt at %d" % (size, at), main, wal[:at] + bytes([wal[at] ^ 0x10]) + wal[at + 1:])
    add("%d rubbish behind" % size, main, wal + os.urandom(frame + 7))
    add("%d an empty main file" % size, b"", wal)
    db.execute("begin")
    for m in range(6): db.execute("insert into t (text) values (?)", ("open " + "y" * size,))
    db.execute("pragma cache_spill=1")
    add("%d a transaction is open" % size, read(path), read(path + "-wal"))
    db.execute("rollback")
    # Checkpointed, but not emptied: the next transaction begins the log anew over the old frames.
    db.execute("pragma wal_checkpoint(full)")
    add("%d checkpointed whole" % size, read(path), read(path + "-wal"))
    db.execute("insert into t (text) values ('after')")
    add("%d begun anew over old frames" % size, read(path), read(path + "-wal"))
    add("%d the log of an older main file" % size, main, read(path + "-wal"))
    db.execute("delete from t where id > 3")
    db.execute("pragma incremental_vacuum")
    add("%d shrunk" % size, read(path), read(path + "-wal"))
    db.execute("vacuum")
    add("%d vacuumed" % size, read(path), read(path + "-wal"))
    db.close()

json.dump(out, sys.stdout)
`;
