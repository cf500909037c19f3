/** Comparing two records (run record format, diff of two records). */
import { compareBytes } from "../json/compareBytes.ts";
import { diffObservability } from "./diffObservability.ts";
import { deriveRunObservability } from "./deriveRunObservability.ts";
import { llmTranscriptSidecarPath } from "./llmTranscriptSidecarPath.ts";
import { NO_SIDECAR } from "./ports.ts";
import type { RecordPorts } from "./ports.ts";
import { debugOption, debugString } from "./runtimeText.ts";
import type { RunDiffReport, RunObservabilityRecord, RunRecord, RunStageRecord } from "./types.ts";

/** What differs between two runs. Each side's observability is used as stored, or derived with its own path when it has none. */
export async function diffRunRecords(left: RunRecord, right: RunRecord, ports: Pick<RecordPorts, "readSidecar">): Promise<RunDiffReport> {
  const statusChanged = left.status !== right.status;
  const stageDiffs = diffStages(left, right);
  const toolDiffs = diffTools(left, right);
  const observabilityDiffs = diffObservability(await observabilityOf(left, ports), await observabilityOf(right, ports));
  const delta = (list: "transitions" | "artifacts" | "checkpoints"): bigint => BigInt(right[list].length - left[list].length);
  const transitions = delta("transitions");
  const artifacts = delta("artifacts");
  const checkpoints = delta("checkpoints");
  return {
    left_run_id: left.id,
    right_run_id: right.id,
    identical:
      !statusChanged &&
      stageDiffs.length === 0 &&
      toolDiffs.length === 0 &&
      observabilityDiffs.length === 0 &&
      transitions === 0n &&
      artifacts === 0n &&
      checkpoints === 0n,
    status_changed: statusChanged,
    left_status: left.status,
    right_status: right.status,
    stage_diffs: stageDiffs,
    tool_diffs: toolDiffs,
    observability_diffs: observabilityDiffs,
    transition_count_delta: transitions,
    artifact_count_delta: artifacts,
    checkpoint_count_delta: checkpoints,
  };
}

async function observabilityOf(run: RunRecord, ports: Pick<RecordPorts, "readSidecar">): Promise<RunObservabilityRecord> {
  if (run.observability !== null) return run.observability;
  const path = run.persisted_path;
  const sidecarPath = path === null ? null : llmTranscriptSidecarPath(path);
  return deriveRunObservability(run, path, sidecarPath === null ? NO_SIDECAR : await ports.readSidecar(sidecarPath));
}

function diffStages(left: RunRecord, right: RunRecord): RunDiffReport["stage_diffs"] {
  const lefts = new Map<string, RunStageRecord>(left.stages.map((stage) => [stage.node_id, stage]));
  const rights = new Map<string, RunStageRecord>(right.stages.map((stage) => [stage.node_id, stage]));
  return unionOfKeys(lefts, rights).flatMap((node_id) => {
    const a = lefts.get(node_id);
    const b = rights.get(node_id);
    if (a === undefined) return [{ node_id, change: "added", details: ["stage missing from left run"] }];
    if (b === undefined) return [{ node_id, change: "removed", details: ["stage missing from right run"] }];
    const details = [
      changed("status", a.status, b.status),
      changed("outcome", a.outcome, b.outcome),
      changed("branch", debugOption(a.branch, debugString), debugOption(b.branch, debugString)),
      changed("produced_artifacts", a.produced_artifact_ids.length, b.produced_artifact_ids.length),
      changed("artifact_records", a.artifacts.length, b.artifacts.length),
    ].flat();
    return details.length === 0 ? [] : [{ node_id, change: "changed", details }];
  });
}

/** `name: a -> b` when the two differ. */
export function changed(name: string, left: string | number | bigint, right: string | number | bigint): string[] {
  return left === right ? [] : [`${name}: ${left} -> ${right}`];
}

/** The keys of both maps in byte order. */
export function unionOfKeys(left: ReadonlyMap<string, unknown>, right: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...left.keys(), ...right.keys()])].sort(compareBytes);
}

function diffTools(left: RunRecord, right: RunRecord): RunDiffReport["tool_diffs"] {
  const byCall = (run: RunRecord): Map<string, RunRecord["tool_recordings"][number]> =>
    new Map(run.tool_recordings.map((call) => [JSON.stringify([call.tool_name, call.args_hash]), call]));
  const lefts = byCall(left);
  const rights = byCall(right);
  return [...new Set([...lefts.keys(), ...rights.keys()])]
    .map((key) => ({
      call: lefts.get(key) ?? rights.get(key),
      left: lefts.get(key)?.result ?? null,
      right: rights.get(key)?.result ?? null,
    }))
    .sort(
      (a, b) =>
        compareBytes(a.call?.tool_name ?? "", b.call?.tool_name ?? "") || compareBytes(a.call?.args_hash ?? "", b.call?.args_hash ?? ""),
    )
    .filter((pair) => pair.left !== pair.right)
    .map((pair) => ({
      tool_name: pair.call?.tool_name ?? "",
      args_hash: pair.call?.args_hash ?? "",
      result_changed: true,
      left_result: pair.left,
      right_result: pair.right,
    }));
}
