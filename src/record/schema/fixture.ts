/** Replay fixtures, and the report of a run held against one (run record format, replay fixture and fixture evaluation). */
import { bool, list, nullable, str, struct, usize } from "./fields.ts";

export const ClarifyingQuestionEvalSpec = struct("ClarifyingQuestionEvalSpec", {
  expected_question: nullable(str()),
  accepted_questions: list(str()),
  required_terms: list(str()),
  forbidden_terms: list(str()),
  min_questions: usize(),
  max_questions: nullable(usize()),
});

export const ReplayStageAssertion = struct("ReplayStageAssertion", {
  node_id: str(),
  expected_status: str(),
  expected_outcome: str(),
  expected_branch: nullable(str()),
  required_artifact_kinds: list(str()),
  visible_text_contains: nullable(str()),
});

export const ReplayFixture = struct("ReplayFixture", {
  _type: str(),
  id: str(),
  source_run_id: str(),
  workflow_id: str(),
  workflow_name: nullable(str()),
  created_at: str(),
  eval_kind: nullable(str()),
  clarifying_question: nullable(ClarifyingQuestionEvalSpec),
  expected_status: str(),
  stage_assertions: list(ReplayStageAssertion),
});

export const ReplayEvalReport = struct("ReplayEvalReport", { pass: bool(), failures: list(str()), stage_count: usize() });
