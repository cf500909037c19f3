import { elements } from "../json/cursor.ts";
import type { JsonSlice } from "../json/JsonSlice.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import type { RunChildRecord } from "../record/types.ts";
import { joinNotes, oneLine, plural } from "./plainText.ts";
import { containerAt, flagAt, memberAt, numberAt, textAt, textsAt } from "./tapeFields.ts";

/** What a child run's card is made of, from a decoded record or from a tape alone. Null: not told. */
export interface ChildFacts {
  readonly workerId: string;
  readonly workerName: string;
  readonly status: string;
  readonly task: string;
  readonly parentStage: string | null;
  readonly sessionId: string | null;
  readonly mutationScope: string | null;
  /** The approval policy in one line. */
  readonly approvalPolicy: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly runId: string | null;
  readonly runPath: string | null;
  readonly snapshotPath: string | null;
  readonly request: JsonSlice | null;
}

/** Facts of a decoded child run. */
export function childFacts(child: RunChildRecord): ChildFacts {
  const policy = child.approval_policy;
  return {
    workerId: child.worker_id,
    workerName: child.worker_name,
    status: child.status,
    task: child.task,
    parentStage: child.parent_stage_id,
    sessionId: child.session_id,
    mutationScope: child.mutation_scope,
    approvalPolicy:
      policy === null
        ? null
        : policyLine({
            rules: policy.rules.length,
            autoApprove: policy.auto_approve,
            autoDeny: policy.auto_deny,
            requireApproval: policy.require_approval,
            writePaths: policy.write_path_allowlist.length,
            repeatLimit: policy.repeat_limit === null ? null : String(policy.repeat_limit),
            repeatAction: policy.repeat_action,
            sensitive: policy.allow_sensitive_paths,
            external: policy.allow_external_paths,
          }),
    startedAt: child.started_at,
    finishedAt: child.finished_at,
    runId: child.run_id,
    runPath: child.run_path,
    snapshotPath: child.snapshot_path,
    request: child.request,
  };
}

/**
 * Facts of an object of the JSON text: an entry of `child_runs` or `worker_lineage`, a worker of stage metadata, a node of the action
 * graph, or whatever else has a `run_path`. The names differ a little, the meaning does not.
 */
export function childFactsFromTape(tape: Tape, object: NodeId): ChildFacts {
  const audit = containerAt(tape, object, "audit", "object");
  const graph = containerAt(tape, object, "metadata", "object");
  const first = (...values: readonly (string | null)[]): string | null => values.find((value) => value !== null && value !== "") ?? null;
  const own = (name: string): string | null => textAt(tape, object, name);
  const request = memberAt(tape, object, "request");
  const policy = containerAt(tape, object, "approval_policy", "object");
  return {
    workerId: first(own("worker_id"), own("id")) ?? "",
    workerName: first(own("worker_name"), own("name"), textAt(tape, graph, "worker_name"), own("label")) ?? "",
    status: own("status") ?? "",
    task: first(own("task"), textAt(tape, graph, "task")) ?? "",
    parentStage: first(own("parent_stage_id"), own("stage_id")),
    sessionId: first(own("session_id"), textAt(tape, audit, "session_id")),
    mutationScope: first(own("mutation_scope"), textAt(tape, audit, "mutation_scope")),
    approvalPolicy: policyFromTape(tape, policy === NO_NODE ? containerAt(tape, audit, "approval_policy", "object") : policy),
    startedAt: own("started_at"),
    finishedAt: own("finished_at"),
    runId: first(own("run_id"), own("child_run_id")),
    runPath: first(own("run_path"), own("child_run_path")),
    snapshotPath: own("snapshot_path"),
    request: request === NO_NODE || tape.kind(request) === "null" ? null : { tape, node: request },
  };
}

/** The first facts, with what they do not tell taken from the second. */
export function completeFacts(facts: ChildFacts, more: ChildFacts): ChildFacts {
  const filled = { ...facts } as Record<keyof ChildFacts, ChildFacts[keyof ChildFacts]>;
  for (const key of Object.keys(facts) as (keyof ChildFacts)[]) {
    if (filled[key] === null || filled[key] === "") filled[key] = more[key];
  }
  return filled as unknown as ChildFacts;
}

interface PolicyFacts {
  readonly rules: number;
  readonly autoApprove: readonly string[];
  readonly autoDeny: readonly string[];
  readonly requireApproval: readonly string[];
  readonly writePaths: number;
  readonly repeatLimit: string | null;
  readonly repeatAction: string | null;
  readonly sensitive: boolean;
  readonly external: boolean;
}

/** `2 rules · auto-approve read_file, grep · ask for deploy · repeat limit 3 then deny`. */
function policyLine(policy: PolicyFacts): string {
  const names = (lead: string, list: readonly string[]): string =>
    list.length === 0 ? "" : `${lead} ${list.slice(0, 4).join(", ")}${list.length > 4 ? ` and ${list.length - 4} more` : ""}`;
  const line = joinNotes([
    policy.rules > 0 && plural(policy.rules, "rule"),
    names("auto-approve", policy.autoApprove),
    names("deny", policy.autoDeny),
    names("ask for", policy.requireApproval),
    policy.writePaths > 0 && `writes to ${plural(policy.writePaths, "path")}`,
    policy.repeatLimit !== null &&
      `repeat limit ${policy.repeatLimit}${policy.repeatAction === null ? "" : ` then ${policy.repeatAction}`}`,
    policy.sensitive && "sensitive paths allowed",
    policy.external && "external paths allowed",
  ]);
  return line === "" ? "empty policy" : oneLine(line, 300);
}

function policyFromTape(tape: Tape, node: NodeId): string | null {
  if (node === NO_NODE) return null;
  const rules = containerAt(tape, node, "rules", "array");
  const limit = numberAt(tape, node, "repeat_limit") ?? numberAt(tape, node, "repeated_call_limit");
  return policyLine({
    rules: rules === NO_NODE ? 0 : [...elements(tape, rules)].length,
    autoApprove: textsAt(tape, node, "auto_approve"),
    autoDeny: textsAt(tape, node, "auto_deny"),
    requireApproval: textsAt(tape, node, "require_approval"),
    writePaths: textsAt(tape, node, "write_path_allowlist").length,
    repeatLimit: limit === null ? null : String(limit),
    repeatAction: textAt(tape, node, "repeat_action") ?? textAt(tape, node, "repeated_call_action"),
    sensitive: flagAt(tape, node, "allow_sensitive_paths") ?? false,
    external: flagAt(tape, node, "allow_external_paths") ?? false,
  });
}
