import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A sample record's JSON, for making others of it. Its numbers are all plain enough to survive. */
export function sampleRecord(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join("samples", path), "utf8")) as Record<string, unknown>;
}

/** Writes a file of the workspace, folders included. */
export function put(folder: string, path: string, content: string | Uint8Array): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/**
 * A record as a tool other than the runtime may leave it: in one line, without the list of child runs and the derived parts that the runtime
 * makes again, and with a field and a number that the runtime would not keep as they are.
 */
export function roughRecord(): string {
  const record = sampleRecord("incident-triage/.harn-runs/incident-4471-replay.json");
  for (const derived of ["child_runs", "observability"]) Reflect.deleteProperty(record, derived);
  return JSON.stringify({ ...record, review_note: "keep me" }).replace(/\}$/, ',"review_score":0.10000000000000001}');
}

/** A record that the runtime refuses: a stage without its required name, far enough down to have a line of its own. */
export function refusedRecord(): string {
  const record = sampleRecord("incident-triage/.harn-runs/incident-4471.json");
  return JSON.stringify({ ...record, stages: "none" }, null, 2);
}

/** What a hostile record tries: markup, command links, addresses, direction overrides, a very long word, paths that lead out. */
export const hostileText =
  '<script>document.title="owned"</script><img src=x onerror="document.title=\'owned\'">[x](command:workbench.action.quit)javascript:alert(1)\u202egpj.exe</script>';

/** A small record with hostile text in every text field the page shows, and child runs whose paths lead out of the workspace. */
export function hostileRecord(): string {
  const record = sampleRecord("incident-triage/.harn-runs/incident-4471-replay.json");
  const stages = (record["stages"] as Record<string, unknown>[]).map((stage) => ({
    ...stage,
    node_id: hostileText,
    status: hostileText,
    outcome: hostileText,
    visible_text: hostileText,
  }));
  const [child] = record["child_runs"] as Record<string, unknown>[];
  const paths = ["../../../../../../../../etc/passwd", "/etc/passwd", ".harn-runs/nul\u0000.json", "https://example.invalid/a.json"];
  const children = paths.map((path, index) => ({
    ...child,
    worker_id: `worker_${String(index)}`,
    worker_name: hostileText,
    task: "x".repeat(1_000_000),
    run_path: path,
  }));
  return JSON.stringify({ ...record, workflow_name: hostileText, task: hostileText, stages, child_runs: children }, null, 2);
}
