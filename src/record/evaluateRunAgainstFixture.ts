/** Holding a run against a replay fixture (run record format, fixture evaluation). */
import { debugOption, debugString, splitWhitespace } from "./runtimeText.ts";
import type { ClarifyingQuestionEvalSpec, ReplayEvalReport, ReplayFixture, RunRecord, RunStageRecord } from "./types.ts";

/** What of the fixture the run does not fulfil; it passes when nothing is left. */
export function evaluateRunAgainstFixture(run: RunRecord, fixture: ReplayFixture): ReplayEvalReport {
  const failures: string[] = [];
  if (run.status !== fixture.expected_status) {
    failures.push(`run status mismatch: expected ${fixture.expected_status}, got ${run.status}`);
  }
  if (fixture.eval_kind === "clarifying_question") failures.push(...clarifyingQuestionFailures(run, fixture.clarifying_question));
  else failures.push(...stageFailures(run, fixture));
  return { pass: failures.length === 0, failures, stage_count: BigInt(run.stages.length) };
}

function stageFailures(run: RunRecord, fixture: ReplayFixture): string[] {
  const failures: string[] = [];
  const byNode = new Map<string, RunStageRecord>(run.stages.map((stage) => [stage.node_id, stage]));
  for (const assertion of fixture.stage_assertions) {
    const stage = byNode.get(assertion.node_id);
    if (stage === undefined) {
      failures.push(`missing stage ${assertion.node_id}`);
      continue;
    }
    const name = `stage ${assertion.node_id}`;
    if (stage.status !== assertion.expected_status) {
      failures.push(`${name} status mismatch: expected ${assertion.expected_status}, got ${stage.status}`);
    }
    if (stage.outcome !== assertion.expected_outcome) {
      failures.push(`${name} outcome mismatch: expected ${assertion.expected_outcome}, got ${stage.outcome}`);
    }
    if (stage.branch !== assertion.expected_branch) {
      const [expected, got] = [assertion.expected_branch, stage.branch].map((branch) => debugOption(branch, debugString));
      failures.push(`${name} branch mismatch: expected ${expected ?? ""}, got ${got ?? ""}`);
    }
    for (const kind of assertion.required_artifact_kinds) {
      if (!stage.artifacts.some((artifact) => artifact.kind === kind)) failures.push(`${name} missing artifact kind ${kind}`);
    }
    const snippet = assertion.visible_text_contains;
    if (snippet !== null && !(stage.visible_text ?? "").includes(snippet)) {
      failures.push(`${name} visible text does not contain expected snippet ${debugString(snippet)}`);
    }
  }
  return failures;
}

const NO_SPEC: ClarifyingQuestionEvalSpec = {
  expected_question: null,
  accepted_questions: [],
  required_terms: [],
  forbidden_terms: [],
  min_questions: 0n,
  max_questions: null,
};

function clarifyingQuestionFailures(run: RunRecord, spec: ClarifyingQuestionEvalSpec | null): string[] {
  const wanted = spec ?? NO_SPEC;
  const failures: string[] = [];
  const least = atLeastOne(wanted.min_questions);
  const most = atLeastOne(wanted.max_questions ?? 1n);
  const count = run.hitl_questions.length;
  if (count < least) failures.push(`expected at least ${least} clarifying question(s), got ${count}`);
  if (count > most) failures.push(`expected at most ${most} clarifying question(s), got ${count}`);
  const asks =
    wanted.expected_question !== null ||
    wanted.accepted_questions.length > 0 ||
    wanted.required_terms.length > 0 ||
    wanted.forbidden_terms.length > 0;
  if (count > 0 && asks && !run.hitl_questions.some(({ prompt }) => matchesSpec(prompt, wanted))) {
    const prompts = run.hitl_questions.map(({ prompt }) => debugString(prompt)).join(", ");
    failures.push(`no clarifying question matched fixture; actual questions: ${prompts}`);
  }
  return failures;
}

function matchesSpec(prompt: string, spec: ClarifyingQuestionEvalSpec): boolean {
  const text = normalizeQuestion(prompt);
  if (spec.expected_question !== null && text !== normalizeQuestion(spec.expected_question)) return false;
  if (spec.accepted_questions.length > 0 && !spec.accepted_questions.some((accepted) => normalizeQuestion(accepted) === text)) return false;
  return (
    spec.required_terms.every((term) => text.includes(normalizeQuestion(term))) &&
    !spec.forbidden_terms.some((term) => text.includes(normalizeQuestion(term)))
  );
}

/** ASCII letters in lower case, digits and single blanks; everything else parts words. */
function normalizeQuestion(text: string): string {
  const ascii = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replace(/[^a-z0-9]/g, " ");
  return splitWhitespace(ascii).join(" ");
}

function atLeastOne(count: bigint): bigint {
  return count > 1n ? count : 1n;
}
