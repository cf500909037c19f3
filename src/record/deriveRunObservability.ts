/** The derived part of a record: action graph, planner rounds, lineage, pointers (run record format, observability). */
import { compactText } from "../json/writeValue.ts";
import type { JsonSlice } from "../json/JsonSlice.ts";
import { llmTranscriptSidecarPath } from "./llmTranscriptSidecarPath.ts";
import { plannerRoundFromStage } from "./plannerRound.ts";
import type { Sidecar } from "./ports.ts";
import { isBlank } from "./runtimeText.ts";
import { booleanMember, sliceOfString, stringOf } from "./sliceAccess.ts";
import { compactionEventsFromTranscript, daemonEventsFromSidecar } from "./transcriptEvents.ts";
import { replayOfEventIdFromRun, runTraceId, signatureStatusLabel, triggerEventFromRun } from "./trigger.ts";
import type { TriggerEvent } from "./trigger.ts";
import type { RunActionGraphNodeRecord, RunObservabilityRecord, RunRecord, RunStageRecord, RunVerificationOutcomeRecord } from "./types.ts";

const SCHEMA_VERSION = 4n;

/**
 * Derives the observability of a run.
 *
 * @param path what the sidecar's path and snapshot paths come from; null for none
 * @param sidecar the file at `llmTranscriptSidecarPath(path)`
 */
export function deriveRunObservability(run: RunRecord, path: string | null, sidecar: Sidecar): RunObservabilityRecord {
  return new Derivation(run, path).derive(sidecar);
}

class Derivation {
  readonly #run: RunRecord;
  readonly #path: string | null;
  readonly #trigger: TriggerEvent | null;
  readonly #traceId: string | null;
  readonly #rootId: string;
  /** Of stages with one node id the last counts. */
  readonly #lastStageOfNode = new Map<string, RunStageRecord>();
  readonly #lastStageOfId = new Map<string, RunStageRecord>();
  readonly #texts = new Map<string, JsonSlice>();
  readonly #result: RunObservabilityRecord = {
    schema_version: SCHEMA_VERSION,
    planner_rounds: [],
    research_fact_count: 0n,
    action_graph_nodes: [],
    action_graph_edges: [],
    worker_lineage: [],
    verification_outcomes: [],
    transcript_pointers: [],
    compaction_events: [],
    daemon_events: [],
  };

  constructor(run: RunRecord, path: string | null) {
    this.#run = run;
    this.#path = path;
    this.#trigger = triggerEventFromRun(run);
    this.#traceId = runTraceId(run, this.#trigger);
    this.#rootId = `run:${run.id}`;
    for (const stage of run.stages) {
      this.#lastStageOfNode.set(stage.node_id, stage);
      this.#lastStageOfId.set(stage.id, stage);
    }
  }

  derive(sidecar: Sidecar): RunObservabilityRecord {
    this.#addRoot();
    const entryId = this.#trigger === null ? this.#rootId : this.#addTrigger(this.#trigger);
    const entered = new Set(this.#run.transitions.map((transition) => transition.to_node_id));
    for (const stage of this.#run.stages) {
      this.#addStageNode(stage);
      if (!entered.has(stage.node_id)) this.#edge(entryId, stageId(stage), this.#trigger === null ? "entry" : "trigger_dispatch", null);
      this.#addVerification(stage);
      this.#addStageTranscript(stage);
      this.#addPlannerRound(stage);
    }
    this.#addTransitions();
    this.#addChildRuns();
    this.#addRunTranscript();
    this.#addSidecar(sidecar);
    return this.#result;
  }

  #addRoot(): void {
    const run = this.#run;
    this.#node({
      id: this.#rootId,
      label: run.workflow_name ?? run.workflow_id,
      kind: "run",
      status: run.status,
      outcome: run.status,
      run_id: run.id,
      run_path: run.persisted_path,
      metadata: this.#metadata({ workflow_id: run.workflow_id }),
    });
  }

  /** Adds the trigger, and the event it replays; answers the node the first stages hang on. */
  #addTrigger(trigger: TriggerEvent): string {
    const run = this.#run;
    const common = { kind: "trigger", trace_id: trigger.traceId, run_id: run.id, run_path: run.persisted_path };
    const metadata = (): Map<string, JsonSlice> =>
      this.#metadata({
        dedupe_key: trigger.dedupeKey,
        event_kind: trigger.kind,
        provider: trigger.provider,
        signature_status: signatureStatusLabel(trigger),
      });
    const id = `trigger:${trigger.id}`;
    const label = `${trigger.provider}:${trigger.kind}`;
    const original = replayOfEventIdFromRun(run);
    if (original !== null) {
      this.#node({
        ...common,
        id: `trigger:${original}`,
        label: `${label} (original ${original})`,
        status: "historical",
        outcome: "replayed_from",
        metadata: metadata(),
      });
      this.#edge(`trigger:${original}`, id, "replay_chain", "replay chain");
    }
    this.#node({ ...common, id, label, status: "received", outcome: signatureStatusLabel(trigger), metadata: metadata() });
    this.#edge(this.#rootId, id, "entry", trigger.id);
    return id;
  }

  #addStageNode(stage: RunStageRecord): void {
    const workerId = stringOf(stage.metadata.get("worker_id"));
    this.#node({
      id: stageId(stage),
      label: stage.node_id,
      kind: stage.kind === "condition" ? "predicate" : "stage",
      status: stage.status,
      outcome: stage.outcome,
      stage_id: stage.id,
      node_id: stage.node_id,
      worker_id: workerId,
      metadata: this.#metadata({ branch: stage.branch, stage_kind: stage.kind, worker_id: workerId }),
    });
  }

  #addVerification(stage: RunStageRecord): void {
    if (stage.kind === "verify" || stage.verification !== null) this.#result.verification_outcomes.push(verificationOutcome(stage));
  }

  #addStageTranscript(stage: RunStageRecord): void {
    if (stage.transcript === null) return;
    const location = `run.stages[${stage.node_id}].transcript`;
    this.#result.transcript_pointers.push({
      id: `stage:${stage.id}:transcript`,
      label: `Stage ${stage.node_id} transcript`,
      kind: "embedded_transcript",
      location,
      path: this.#run.persisted_path,
      available: true,
    });
    const place = { location, stageId: stage.id, nodeId: stage.node_id, path: this.#path };
    this.#result.compaction_events.push(...compactionEventsFromTranscript(stage.transcript, place));
  }

  #addPlannerRound(stage: RunStageRecord): void {
    const { round, kept } = plannerRoundFromStage(stage);
    if (round === null) return;
    this.#result.research_fact_count += BigInt(round.research_facts.length);
    if (kept) this.#result.planner_rounds.push(round);
  }

  #addTransitions(): void {
    for (const transition of this.#run.transitions) {
      const target = this.#lastStageOfNode.get(transition.to_node_id);
      if (target === undefined) continue;
      const named = transition.from_stage_id === null ? undefined : this.#lastStageOfId.get(transition.from_stage_id);
      const source = named ?? (transition.from_node_id === null ? undefined : this.#lastStageOfNode.get(transition.from_node_id));
      const kind = named?.kind === "condition" ? "predicate_gate" : "transition";
      this.#edge(source === undefined ? this.#rootId : stageId(source), stageId(target), kind, transition.branch);
    }
  }

  #addChildRuns(): void {
    for (const child of this.#run.child_runs) {
      const id = `worker:${child.worker_id}`;
      this.#node({
        id,
        label: child.worker_name,
        kind: "worker",
        status: child.status,
        outcome: child.status,
        stage_id: child.parent_stage_id,
        worker_id: child.worker_id,
        run_id: child.run_id,
        run_path: child.run_path,
        metadata: this.#metadata({ task: child.task, worker_name: child.worker_name }),
      });
      const parent = child.parent_stage_id === null ? undefined : this.#lastStageOfId.get(child.parent_stage_id);
      if (parent !== undefined) this.#edge(stageId(parent), id, "delegates", child.worker_name);
      this.#result.worker_lineage.push({
        worker_id: child.worker_id,
        worker_name: child.worker_name,
        parent_stage_id: child.parent_stage_id,
        task: child.task,
        status: child.status,
        session_id: child.session_id,
        parent_session_id: child.parent_session_id,
        run_id: child.run_id,
        run_path: child.run_path,
        snapshot_path: child.snapshot_path,
      });
    }
  }

  #addRunTranscript(): void {
    const { transcript, persisted_path: path } = this.#run;
    if (transcript === null) return;
    const location = "run.transcript";
    const kind = "embedded_transcript";
    this.#result.transcript_pointers.push({ id: "run:transcript", label: "Run transcript", kind, location, path, available: true });
    const place = { location, stageId: null, nodeId: null, path: this.#path };
    this.#result.compaction_events.push(...compactionEventsFromTranscript(transcript, place));
  }

  #addSidecar(sidecar: Sidecar): void {
    const path = this.#path === null ? null : llmTranscriptSidecarPath(this.#path);
    if (path === null) return;
    this.#result.transcript_pointers.push({
      id: "run:llm_transcript",
      label: "LLM transcript sidecar",
      kind: "llm_jsonl",
      location: "run sidecar",
      path,
      available: sidecar.exists,
    });
    this.#result.daemon_events = daemonEventsFromSidecar(sidecar);
  }

  #node(
    node: Pick<RunActionGraphNodeRecord, "id" | "label" | "kind" | "status" | "outcome" | "metadata"> & Partial<RunActionGraphNodeRecord>,
  ): void {
    this.#result.action_graph_nodes.push({
      id: node.id,
      label: node.label,
      kind: node.kind,
      status: node.status,
      outcome: node.outcome,
      trace_id: node.trace_id ?? this.#traceId,
      stage_id: node.stage_id ?? null,
      node_id: node.node_id ?? null,
      worker_id: node.worker_id ?? null,
      run_id: node.run_id ?? null,
      run_path: node.run_path ?? null,
      metadata: node.metadata,
    });
  }

  #edge(from: string, to: string, kind: string, label: string | null): void {
    this.#result.action_graph_edges.push({ from_id: from, to_id: to, kind, label });
  }

  /** Keys in byte order, as the runtime's maps are; nulls are left out. */
  #metadata(entries: Readonly<Record<string, string | null>>): Map<string, JsonSlice> {
    const metadata = new Map<string, JsonSlice>();
    for (const [key, text] of Object.entries(entries)) {
      if (text === null) continue;
      let slice = this.#texts.get(text);
      if (slice === undefined) this.#texts.set(text, (slice = sliceOfString(text)));
      metadata.set(key, slice);
    }
    return metadata;
  }
}

function stageId(stage: RunStageRecord): string {
  return `stage:${stage.id}`;
}

function verificationOutcome(stage: RunStageRecord): RunVerificationOutcomeRecord {
  const { verification } = stage;
  const told = booleanMember(verification, "pass") ?? booleanMember(verification, "success");
  const guessed =
    stage.status === "completed" && stage.outcome === "success"
      ? true
      : stage.status === "failed" || stage.outcome === "failed"
        ? false
        : null;
  const visible = stage.visible_text !== null && !isBlank(stage.visible_text) ? stage.visible_text : null;
  return {
    stage_id: stage.id,
    node_id: stage.node_id,
    status: stage.status,
    passed: told ?? guessed,
    summary: verification === null ? visible : compactText(verification.tape, verification.node),
  };
}
