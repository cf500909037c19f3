import { memberOf, stringMember } from "../../record/sliceAccess.ts";
import type { RunRecord } from "../../record/types.ts";
import { oneLine } from "../plainText.ts";
import { stageName } from "../rows/stageRow.ts";
import type { FileRole, NamedBy } from "./FileFacts.ts";

/** A path as it stands in the record, and what is meant by it. */
export interface NamedFile {
  readonly stored: string;
  readonly role: FileRole;
  readonly by: NamedBy;
}

/** Most UTF-16 units of a name in "named by". */
const NAME_LIMIT = 80;

/**
 * Every path the record names, in its own order; the same path may come several times. Empty ones are left out. All of them are record
 * text: where they lead is for others to check (run record format, paths; event log format, files beside a record).
 */
export function* namedFiles(record: RunRecord): Generator<NamedFile, void, undefined> {
  for (const named of allNames(record)) if (named.stored.trim() !== "") yield named;
}

function* allNames(record: RunRecord): Generator<NamedFile, void, undefined> {
  const name = (stored: string | null | undefined, role: FileRole, text: string, jsonPath: string, rowId: string | null): NamedFile => ({
    stored: stored ?? "",
    role,
    by: { text, jsonPath, rowId },
  });
  yield name(record.persisted_path, "persisted", "persisted_path", "persisted_path", null);
  for (const [at, pointer] of (record.observability?.transcript_pointers ?? []).entries()) {
    const role = pointer.kind.includes("sidecar") || pointer.location.includes("sidecar") ? "sidecar" : "transcript";
    yield name(
      pointer.path,
      role,
      oneLine(pointer.location || pointer.label, NAME_LIMIT),
      `${OBSERVED}transcript_pointers[${at}].path`,
      null,
    );
  }
  for (const [at, child] of record.child_runs.entries()) {
    const worker = oneLine(child.worker_name || child.worker_id, NAME_LIMIT) || `child run ${at + 1}`;
    yield name(child.run_path, "childRecord", worker, `child_runs[${at}].run_path`, `child:${at}`);
    yield name(child.snapshot_path, "snapshot", worker, `child_runs[${at}].snapshot_path`, `child:${at}`);
  }
  for (const [at, stage] of record.stages.entries()) {
    const worker = stage.metadata.get("worker");
    if (worker === undefined) continue;
    const text = `${oneLine(stageName(stage, at), NAME_LIMIT)} · worker`;
    const path = `stages[${at}].metadata.worker`;
    const provenance = memberOf(worker, "provenance");
    yield name(stringMember(worker, "child_run_path"), "childRecord", text, `${path}.child_run_path`, `stage:${at}`);
    yield name(stringMember(worker, "snapshot_path"), "snapshot", text, `${path}.snapshot_path`, `stage:${at}`);
    yield name(stringMember(provenance, "run_path"), "childRecord", text, `${path}.provenance.run_path`, `stage:${at}`);
    yield name(stringMember(provenance, "snapshot_path"), "snapshot", text, `${path}.provenance.snapshot_path`, `stage:${at}`);
  }
  for (const [at, worker] of (record.observability?.worker_lineage ?? []).entries()) {
    const text = `${oneLine(worker.worker_name || worker.worker_id, NAME_LIMIT)} · lineage`;
    yield name(worker.run_path, "childRecord", text, `${OBSERVED}worker_lineage[${at}].run_path`, null);
    yield name(worker.snapshot_path, "snapshot", text, `${OBSERVED}worker_lineage[${at}].snapshot_path`, null);
  }
  for (const [at, event] of (record.observability?.compaction_events ?? []).entries()) {
    yield name(event.snapshot_path, "transcript", "compaction", `${OBSERVED}compaction_events[${at}].snapshot_path`, null);
  }
  yield* daemonNames(record);
  for (const [at, handoff] of record.handoffs.entries()) {
    for (const [ref, { path }] of handoff.evidence_refs.entries()) {
      yield name(path, "evidence", "handoff evidence", `handoffs[${at}].evidence_refs[${ref}].path`, `handoff:${at}`);
    }
    for (const [link, { path }] of handoff.receipt_links.entries()) {
      yield name(path, "receipt", "handoff receipt", `handoffs[${at}].receipt_links[${link}].path`, `handoff:${at}`);
    }
  }
}

const OBSERVED = "observability.";
/** What a daemon writes into its folder. */
const DAEMON_FILES = ["daemon.json", "daemon.meta.json"];

/** A daemon tells its folder with every event: its files are named once. */
function* daemonNames(record: RunRecord): Generator<NamedFile, void, undefined> {
  const folders = new Set<string>();
  for (const [at, event] of (record.observability?.daemon_events ?? []).entries()) {
    if (event.persist_path.trim() === "" || folders.has(event.persist_path)) continue;
    folders.add(event.persist_path);
    const text = `daemon ${oneLine(event.name || event.daemon_id, NAME_LIMIT)}`;
    for (const file of DAEMON_FILES) {
      const stored = `${event.persist_path.replace(/[\\/]+$/, "")}/${file}`;
      yield { stored, role: "daemon", by: { text, jsonPath: `${OBSERVED}daemon_events[${at}].persist_path`, rowId: null } };
    }
  }
}
