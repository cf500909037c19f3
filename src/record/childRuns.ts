/** Child runs told by the metadata of stages (run record format, child runs from stage metadata). */
import type { JsonSlice } from "../json/JsonSlice.ts";
import { compileStruct } from "./codec.ts";
import { RunExecutionRecord } from "./schema/stage.ts";
import { ToolApprovalPolicy as ToolApprovalPolicySchema } from "./schema/policy.ts";
import { decodeSlice, memberOf, stringMember } from "./sliceAccess.ts";
import type { RunChildRecord, RunRecord, RunStageRecord, ToolApprovalPolicy } from "./types.ts";

/** The child run a stage's `metadata.worker` tells of; null when it names no worker. */
export function runChildFromStageMetadata(stage: RunStageRecord): RunChildRecord | null {
  const worker = stage.metadata.get("worker");
  return worker === undefined ? null : runChildRecordFromWorkerMetadata(stage.id === "" ? null : stage.id, worker);
}

/**
 * The child run of a worker object; null when it has no id. A `request` or `provenance` that is there as null is kept as a value, which
 * differs from an absent one: a later stage of the same worker does not fill it.
 */
export function runChildRecordFromWorkerMetadata(parentStageId: string | null, worker: JsonSlice): RunChildRecord | null {
  const workerId = stringMember(worker, "id");
  if (workerId === null || workerId === "") return null;
  const audit = memberOf(worker, "audit");
  const approval = memberOf(audit, "approval_policy");
  const execution = memberOf(worker, "execution");
  return {
    worker_id: workerId,
    worker_name: stringMember(worker, "name") ?? "worker",
    parent_stage_id: parentStageId,
    session_id: stringMember(audit, "session_id"),
    parent_session_id: stringMember(audit, "parent_session_id"),
    mutation_scope: stringMember(audit, "mutation_scope"),
    approval_policy: approval && (decodeSlice(compileStruct(ToolApprovalPolicySchema), approval) as ToolApprovalPolicy | null),
    task: stringMember(worker, "task") ?? "",
    request: memberOf(worker, "request"),
    provenance: memberOf(worker, "provenance"),
    status: stringMember(worker, "status") ?? "completed",
    started_at: stringMember(worker, "started_at") ?? "",
    finished_at: stringMember(worker, "finished_at"),
    run_id: stringMember(worker, "child_run_id"),
    run_path: stringMember(worker, "child_run_path"),
    snapshot_path: stringMember(worker, "snapshot_path"),
    execution: execution && (decodeSlice(compileStruct(RunExecutionRecord), execution) as RunChildRecord["execution"]),
  };
}

/** Fills the gaps of a child run, empty strings and nulls, from another telling of it. Never overwrites, never merges inside. */
export function fillMissingChildRunFields(child: RunChildRecord, from: RunChildRecord): void {
  for (const field of ["worker_name", "task", "status", "started_at"] as const) {
    if (child[field] === "") child[field] = from[field];
  }
  for (const field of ["parent_stage_id", "session_id", "parent_session_id", "mutation_scope", "finished_at"] as const)
    child[field] ??= from[field];
  for (const field of ["run_id", "run_path", "snapshot_path"] as const) child[field] ??= from[field];
  child.approval_policy ??= from.approval_policy;
  child.request ??= from.request;
  child.provenance ??= from.provenance;
  child.execution ??= from.execution;
}

/** Adds the child runs that stages tell of, and fills the gaps of those already listed. Changes `run`. */
export function materializeChildRunsFromStageMetadata(run: RunRecord): void {
  const byWorker = new Map<string, RunChildRecord>();
  for (const child of run.child_runs) if (!byWorker.has(child.worker_id)) byWorker.set(child.worker_id, child);
  for (const stage of run.stages) {
    const told = runChildFromStageMetadata(stage);
    if (told === null) continue;
    const child = byWorker.get(told.worker_id);
    if (child !== undefined) fillMissingChildRunFields(child, told);
    else {
      run.child_runs.push(told);
      byWorker.set(told.worker_id, told);
    }
  }
}
