/** Comparing the derived parts of two records, section by section (run record format, diff of two records). */
import { compareBytes } from "../json/compareBytes.ts";
import { changed } from "./diffRunRecords.ts";
import { debugList, debugOption, debugString } from "./runtimeText.ts";
import { DAEMON_EVENT_KINDS } from "./schema/observability.ts";
import type { DaemonEventRecord, RunDiffReport, RunObservabilityRecord, RunPlannerRoundRecord } from "./types.ts";

type Entry = RunDiffReport["observability_diffs"][number];

const some = (text: string | null): string => debugOption(text, debugString);

/** The differences in the runtime's order of sections. */
export function diffObservability(left: RunObservabilityRecord, right: RunObservabilityRecord): Entry[] {
  return [
    ...section({
      name: "worker_lineage",
      what: "worker",
      left: left.worker_lineage,
      right: right.worker_lineage,
      key: (worker) => [worker.worker_id],
      label: (worker) => worker.worker_id,
      details: (a, b) => [
        ...changed("status", a.status, b.status),
        ...changed("run_id", some(a.run_id), some(b.run_id)),
        ...changed("run_path", some(a.run_path), some(b.run_path)),
      ],
    }),
    ...section({
      name: "planner_rounds",
      what: "planner summary",
      left: left.planner_rounds,
      right: right.planner_rounds,
      key: (round) => [round.stage_id],
      label: (round) => round.stage_id,
      labelBoth: (round) => round.node_id,
      details: plannerDetails,
    }),
    ...section({
      name: "transcript_pointers",
      what: "pointer",
      left: left.transcript_pointers,
      right: right.transcript_pointers,
      key: (pointer) => [pointer.id],
      label: (pointer) => pointer.id,
      details: (a, b) => {
        const [from, to] = [a, b].map((pointer) => `(${pointer.available}, ${some(pointer.path)}, ${debugString(pointer.location)})`);
        return changed("pointer", from ?? "", to ?? "");
      },
    }),
    ...section({
      name: "compaction_events",
      what: "compaction event",
      left: left.compaction_events,
      right: right.compaction_events,
      key: (event) => [event.id],
      label: (event) => event.id,
      details: (a, b) => {
        const [from, to] = [a, b].map(
          (event) => `(${debugString(event.strategy)}, ${event.archived_messages}, ${some(event.snapshot_asset_id)}, ${event.available})`,
        );
        return changed("event", from ?? "", to ?? "");
      },
    }),
    ...section({
      name: "daemon_events",
      what: "daemon event",
      left: left.daemon_events,
      right: right.daemon_events,
      key: (event) => [event.daemon_id, String(DAEMON_EVENT_KINDS.indexOf(event.kind)), event.timestamp],
      label: daemonLabel,
      details: (a, b) => {
        const [from, to] = [a, b].map(
          (event) => `(${debugString(event.name)}, ${debugString(event.persist_path)}, ${some(event.payload_summary)})`,
        );
        return changed("event", from ?? "", to ?? "");
      },
    }),
    ...section({
      name: "verification",
      what: "verification",
      left: left.verification_outcomes,
      right: right.verification_outcomes,
      key: (outcome) => [outcome.stage_id],
      label: (outcome) => outcome.stage_id,
      labelBoth: (outcome) => outcome.node_id,
      // The whole outcome is compared, but only two of its parts are told: the details may be empty.
      differ: (a, b) => a.node_id !== b.node_id || a.status !== b.status || a.passed !== b.passed || a.summary !== b.summary,
      details: (a, b) => [
        ...changed("passed", debugOption(a.passed, String), debugOption(b.passed, String)),
        ...changed("summary", some(a.summary), some(b.summary)),
      ],
    }),
    ...shape(left, right),
  ];
}

interface Section<T> {
  readonly name: string;
  /** What is missing, in the sentence about one that is on one side only. */
  readonly what: string;
  readonly left: readonly T[];
  readonly right: readonly T[];
  /** Sorted part by part, in byte order; of equal keys the last entry counts. */
  readonly key: (entry: T) => readonly string[];
  readonly label: (entry: T) => string;
  /** Label from the left entry when both sides have one. */
  readonly labelBoth?: (left: T) => string;
  readonly details: (left: T, right: T) => string[];
  /** Whether there is an entry at all; by default when there are details. */
  readonly differ?: (left: T, right: T) => boolean;
}

function section<T>(spec: Section<T>): Entry[] {
  const byKey = (entries: readonly T[]): Map<string, T> => new Map(entries.map((entry) => [JSON.stringify(spec.key(entry)), entry]));
  const lefts = byKey(spec.left);
  const rights = byKey(spec.right);
  const keys = [...new Set([...lefts.keys(), ...rights.keys()])].map((key) => ({ key, parts: JSON.parse(key) as string[] }));
  keys.sort((a, b) => compareParts(a.parts, b.parts));
  return keys.flatMap(({ key }): Entry[] => {
    const a = lefts.get(key);
    const b = rights.get(key);
    if (a !== undefined && b !== undefined) {
      const details = spec.details(a, b);
      const differs = spec.differ?.(a, b) ?? details.length > 0;
      return differs ? [{ section: spec.name, label: (spec.labelBoth ?? spec.label)(a), details }] : [];
    }
    const only = a ?? b;
    if (only === undefined) return [];
    const side = a === undefined ? "left" : "right";
    return [{ section: spec.name, label: spec.label(only), details: [`${spec.what} missing from ${side} run`] }];
  });
}

function compareParts(a: readonly string[], b: readonly string[]): number {
  for (let part = 0; part < a.length; part++) {
    const order = compareBytes(a[part] ?? "", b[part] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

function plannerDetails(a: RunPlannerRoundRecord, b: RunPlannerRoundRecord): string[] {
  const deliverables = (round: RunPlannerRoundRecord): string =>
    debugList((round.task_ledger?.deliverables ?? []).map(({ id, status }) => `${id}:${status}`));
  return [
    ...changed("iterations", a.iteration_count, b.iteration_count),
    ...changed("tool_executions", a.tool_execution_count, b.tool_execution_count),
    ...changed("native_text_tool_fallbacks", a.native_text_tool_fallback_count, b.native_text_tool_fallback_count),
    ...changed(
      "native_text_tool_fallback_rejections",
      a.native_text_tool_fallback_rejection_count,
      b.native_text_tool_fallback_rejection_count,
    ),
    ...changed("empty_completion_retries", a.empty_completion_retry_count, b.empty_completion_retry_count),
    ...changed("research_facts", debugList(a.research_facts), debugList(b.research_facts)),
    ...changed("deliverables", deliverables(a), deliverables(b)),
    ...changed("successful_tools", debugList(a.successful_tools), debugList(b.successful_tools)),
  ];
}

function daemonLabel(event: DaemonEventRecord): string {
  return `${event.daemon_id}:${event.kind.charAt(0).toUpperCase()}${event.kind.slice(1)}:${event.timestamp}`;
}

function shape(left: RunObservabilityRecord, right: RunObservabilityRecord): Entry[] {
  const [from, to] = [left, right].map((side) => `${side.action_graph_nodes.length}/${side.action_graph_edges.length}`);
  const details = changed("nodes/edges", from ?? "", to ?? "");
  return details.length === 0 ? [] : [{ section: "action_graph", label: "shape", details }];
}
