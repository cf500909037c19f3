/** The report of a comparison of two records (run record format, diff of two records). */
import { bool, i64, list, nullable, str, struct } from "./fields.ts";

const RunStageDiffRecord = struct("RunStageDiffRecord", { node_id: str(), change: str(), details: list(str()) });

const ToolCallDiffRecord = struct("ToolCallDiffRecord", {
  tool_name: str(),
  args_hash: str(),
  result_changed: bool(),
  left_result: nullable(str()),
  right_result: nullable(str()),
});

const RunObservabilityDiffRecord = struct("RunObservabilityDiffRecord", { section: str(), label: str(), details: list(str()) });

export const RunDiffReport = struct("RunDiffReport", {
  left_run_id: str(),
  right_run_id: str(),
  identical: bool(),
  status_changed: bool(),
  left_status: str(),
  right_status: str(),
  stage_diffs: list(RunStageDiffRecord),
  tool_diffs: list(ToolCallDiffRecord),
  observability_diffs: list(RunObservabilityDiffRecord),
  transition_count_delta: i64(),
  artifact_count_delta: i64(),
  checkpoint_count_delta: i64(),
});
