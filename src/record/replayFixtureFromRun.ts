import { newId } from "./ports.ts";
import type { RecordPorts } from "./ports.ts";
import { firstCodePoints } from "./runtimeText.ts";
import type { ReplayFixture, RunRecord } from "./types.ts";

/** Longest part of a stage's visible text an assertion holds, in code points. */
const SNIPPET = 80;

/** A fixture that asserts what the run did, stage by stage (run record format, replay fixture from a run). */
export function replayFixtureFromRun(run: RunRecord, ports: Pick<RecordPorts, "now" | "newUuid">): ReplayFixture {
  return {
    _type: "replay_fixture",
    id: newId("fixture", ports),
    source_run_id: run.id,
    workflow_id: run.workflow_id,
    workflow_name: run.workflow_name,
    created_at: ports.now(),
    eval_kind: "replay",
    clarifying_question: null,
    expected_status: run.status,
    stage_assertions: run.stages.map((stage) => ({
      node_id: stage.node_id,
      expected_status: stage.status,
      expected_outcome: stage.outcome,
      expected_branch: stage.branch,
      required_artifact_kinds: stage.artifacts.map((artifact) => artifact.kind),
      visible_text_contains: stage.visible_text === null || stage.visible_text === "" ? null : firstCodePoints(stage.visible_text, SNIPPET),
    })),
  };
}
