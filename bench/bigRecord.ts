import { JsonWriter } from "../src/json/JsonWriter.ts";

/**
 * A made-up run record of about `targetBytes`, laid out as the runtime writes one (pretty, fields in its order, free-form keys sorted):
 * stages with transcripts of prose, tool calls, checkpoints and code, usage, artifacts, child runs and trace spans. The same seed gives the
 * same bytes.
 */
export function bigRecord(targetBytes: number, seed = 1): Uint8Array {
  return new RecordBuilder(targetBytes, seed).build();
}

type Plain = string | number | bigint | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** A number that is written in float form, also when whole. */
class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

type Item = Plain | Float | readonly Item[] | { readonly [key: string]: Item };

const WORDS =
  "the migration of every package needs an order that keeps builds green while tests run in parallel and reviewers see one change at a time because imports resolve through the loader when a module is converted its exports become live bindings so default interop has to be checked".split(
    " ",
  );
const FOREIGN = ["naïve", "Größe", "переход", "設定を確認", "✓", "→", "café", "🚀", "“quoted”", "—"];
const TOOLS = ["read_file", "write_file", "run_command", "search", "list_directory", "apply_patch"];
const NODES = ["plan", "inventory", "convert", "verify", "review", "publish"];

class RecordBuilder {
  readonly #writer: JsonWriter;
  readonly #target: number;
  #state: number;
  #clock = 1_795_359_538_000;

  constructor(targetBytes: number, seed: number) {
    this.#target = targetBytes;
    this.#state = seed >>> 0 || 1;
    this.#writer = new JsonWriter("pretty", Math.ceil(targetBytes * 1.02) + 65536);
  }

  build(): Uint8Array {
    const stages: string[] = [];
    this.#writer.beginObject();
    const runId = this.#id();
    this.#member("_type", "run_record");
    this.#member("id", runId);
    this.#member("workflow_id", "esm-migration");
    this.#member("workflow_name", "esm-migration");
    this.#member("task", this.#prose(20));
    this.#member("status", "completed");
    this.#member("started_at", this.#id());
    this.#member("finished_at", this.#id());
    this.#member("parent_run_id", null);
    this.#member("root_run_id", runId);
    this.#writer.key("stages");
    this.#writer.beginArray();
    while (this.#writer.length < this.#target * 0.93) stages.push(this.#stage(runId, stages.length));
    this.#writer.endArray();
    this.#member(
      "transitions",
      stages.slice(1).map((id, at) => this.#transition(stages[at] ?? "", id, at)),
    );
    this.#member("checkpoints", []);
    this.#member("pending_nodes", []);
    this.#member("completed_nodes", NODES);
    this.#member(
      "child_runs",
      stages.filter((_, at) => at % 4 === 2).map((id) => this.#childRun(id)),
    );
    this.#member("artifacts", []);
    this.#member("handoffs", []);
    this.#member("policy", { tools: [], capabilities: {}, workspace_roots: [], side_effect_level: "workspace_write", recursion_limit: 8 });
    this.#member("execution", null);
    this.#member("transcript", null);
    this.#member("usage", this.#usage());
    this.#member("replay_fixture", null);
    this.#member("observability", null);
    this.#writer.key("trace_spans");
    this.#writer.beginArray();
    for (let span = 1n; this.#writer.length < this.#target * 0.995; span++) this.#value(this.#span(runId, span));
    this.#writer.endArray();
    this.#member("tool_recordings", []);
    this.#member("hitl_questions", []);
    this.#member("persona_runtime", []);
    this.#member("metadata", { resumed: false, max_steps: 24, workflow_version: 1 });
    this.#member("persisted_path", ".harn-runs/esm-migration.json");
    this.#writer.endObject();
    return this.#writer.finish();
  }

  #stage(runId: string, at: number): string {
    const node = NODES[at % NODES.length] ?? "plan";
    const id = `${runId}:${node}:${at}`;
    const events: Item[] = [];
    for (let turn = 0, turns = 4 + this.#below(12); turn < turns; turn++) events.push(...this.#turn(turn));
    this.#value({
      id,
      node_id: node,
      kind: node === "verify" ? "verify" : "stage",
      status: this.#below(12) === 0 ? "failed" : "completed",
      outcome: "success",
      branch: "success",
      started_at: this.#id(),
      finished_at: this.#id(),
      visible_text: this.#markdown(),
      private_reasoning: this.#below(3) === 0 ? this.#prose(120) : null,
      transcript: {
        _type: "transcript",
        assets: [],
        events,
        id: `workflow_stage_${this.#id()}`,
        messages: events.length > 20 ? [] : [{ content: this.#prose(40), role: "user" }],
        metadata: { mode: "agent" },
        state: "active",
        summary: null,
        version: 2,
      },
      verification: node === "verify" ? { kind: "command", ok: true, score: new Float(0.5 + this.#fraction() / 2) } : null,
      usage: this.#usage(),
      artifacts: Array.from({ length: this.#below(4) }, () => this.#artifact(node)),
      consumed_artifact_ids: [],
      produced_artifact_ids: [],
      attempts: [
        {
          attempt: 1,
          status: "completed",
          outcome: "success",
          branch: null,
          error: null,
          verification: null,
          started_at: this.#id(),
          finished_at: this.#id(),
        },
      ],
      metadata: {
        effective_context_tokens: this.#below(100_000),
        input_contract: {},
        model_policy: { model: "mock-large", temperature: new Float(this.#fraction()) },
      },
    });
    return id;
  }

  /** Events of one model turn: checkpoints, the reply, tool calls with their results. */
  #turn(iteration: number): Item[] {
    const list: Item[] = ["iteration_start", "pre_compact", "post_compact"].map((kind) =>
      this.#event("loop_checkpoint", "assistant", "", { delivered: 0, dispatch_skipped: false, inbox_delivered: 0, iteration, kind }),
    );
    const text = this.#below(3) === 0 ? this.#markdown() : this.#prose(10 + this.#below(60));
    list.push(this.#event("message", "assistant", text, undefined));
    for (let call = 0, calls = this.#below(3); call < calls; call++) {
      const name = TOOLS[this.#below(TOOLS.length)] ?? "search";
      const input = {
        line_count: this.#below(400),
        path: `packages/${WORDS[this.#below(WORDS.length)] ?? ""}/src/index.ts`,
        recursive: this.#below(2) === 0,
      };
      list.push(this.#event("tool_call", "assistant", "", { arguments: input, name, tool_call_id: `call_${this.#below(1e9)}` }));
      list.push(
        this.#event("tool_result", "tool", name === "read_file" ? this.#code(8 + this.#below(50)) : this.#prose(30), {
          duration_ms: this.#below(9000),
          is_error: false,
        }),
      );
    }
    return list;
  }

  #event(kind: string, role: string, text: string, metadata: Item | undefined): Item {
    const visibility = role === "assistant" && text === "" ? "internal" : "public";
    const event = { blocks: [{ text, type: "text", visibility }], id: this.#id(), kind };
    return metadata === undefined ? { ...event, role, text, visibility } : { ...event, metadata, role, text, visibility };
  }

  #artifact(stage: string): Item {
    return {
      _type: "artifact",
      id: `artifact_${this.#id()}`,
      kind: "summary",
      title: this.#prose(5),
      text: this.#markdown(),
      data: { score: new Float(this.#fraction()), tags: ["esm", "core"], total: this.#below(1000) },
      source: stage,
      created_at: String(Math.trunc(this.#clock / 1000)),
      freshness: "fresh",
      priority: 60,
      lineage: [],
      relevance: new Float(0.9),
      estimated_tokens: this.#below(500),
      stage,
      metadata: {},
    };
  }

  #childRun(stage: string): Item {
    const worker = `worker_${this.#id()}`;
    return {
      worker_id: worker,
      worker_name: "codemod",
      parent_stage_id: stage,
      session_id: `session_${this.#id()}`,
      parent_session_id: null,
      mutation_scope: "apply_workspace",
      approval_policy: null,
      task: this.#prose(15),
      request: null,
      provenance: { mode: "delegated_stage", worker_id: worker },
      status: "completed",
      started_at: this.#id(),
      finished_at: this.#id(),
      run_id: this.#id(),
      run_path: `.harn-runs/${worker}.json`,
      snapshot_path: `.harn/workers/${worker}.json`,
      execution: null,
    };
  }

  #transition(from: string, to: string, at: number): Item {
    return {
      id: this.#id(),
      from_stage_id: from,
      from_node_id: NODES[at % NODES.length] ?? "",
      to_node_id: to.split(":").at(-2) ?? "",
      branch: "success",
      timestamp: this.#id(),
      consumed_artifact_ids: [],
      produced_artifact_ids: [],
    };
  }

  #span(trace: string, span: bigint): Item {
    return {
      trace_id: trace,
      span_id: span,
      parent_id: span > 1n ? span / 2n : null,
      kind: "llm_call",
      name: this.#prose(2),
      start_ms: this.#below(10_000_000),
      duration_ms: this.#below(60_000),
      metadata: {
        cost_usd: new Float(this.#fraction() / 50),
        input_tokens: this.#below(90_000),
        model: "mock-large",
        output_tokens: this.#below(4000),
      },
      links: [],
    };
  }

  #usage(): Item {
    return {
      input_tokens: this.#below(900_000),
      output_tokens: this.#below(50_000),
      total_duration_ms: this.#below(900_000),
      call_count: this.#below(40),
      total_cost: new Float(this.#fraction() * 3),
      models: ["mock-large"],
    };
  }

  #prose(words: number): string {
    const foreign = this.#below(4) === 0;
    const list: string[] = [];
    for (let word = 0; word < words; word++) {
      const pool = foreign && this.#below(20) === 0 ? FOREIGN : WORDS;
      list.push(pool[this.#below(pool.length)] ?? "");
    }
    return `${list.join(" ")}.`;
  }

  #markdown(): string {
    const items = Array.from({ length: 2 + this.#below(5) }, () => `- **${this.#prose(2)}** ${this.#prose(12)}`);
    return `## ${this.#prose(4)}\n\n${this.#prose(40)}\n\n${items.join("\n")}\n\n\`\`\`ts\n${this.#code(4)}\`\`\`\n`;
  }

  #code(lines: number): string {
    return Array.from(
      { length: lines },
      () => `  const ${WORDS[this.#below(WORDS.length)] ?? ""} = await load("./${this.#below(1e6)}.js", { mode: "esm" });\n`,
    ).join("");
  }

  /** In the form of a UUID of version 7, with a clock that goes on. */
  #id(): string {
    this.#clock += this.#below(2000);
    const time = this.#clock.toString(16).padStart(12, "0");
    const hex = (digits: number) =>
      this.#below(16 ** digits)
        .toString(16)
        .padStart(digits, "0");
    return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-8${hex(3)}-${hex(6)}${hex(6)}`;
  }

  /** A whole number from 0 to `limit` - 1. */
  #below(limit: number): number {
    return Math.floor(this.#fraction() * limit);
  }

  /** The next number in [0, 1): mulberry32. */
  #fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  #member(key: string, value: Item): void {
    this.#writer.key(key);
    this.#value(value);
  }

  #value(value: Item): void {
    const writer = this.#writer;
    if (value === null) writer.null();
    else if (typeof value === "string") writer.string(value);
    else if (typeof value === "boolean") writer.boolean(value);
    else if (typeof value === "bigint") writer.integer(value);
    else if (typeof value === "number") writer.integer(BigInt(value));
    else if (value instanceof Float) writer.float(value.value);
    else if (Array.isArray(value)) {
      writer.beginArray();
      for (const item of value as readonly Item[]) this.#value(item);
      writer.endArray();
    } else {
      writer.beginObject();
      for (const [key, item] of Object.entries(value as { readonly [key: string]: Item })) this.#member(key, item);
      writer.endObject();
    }
  }
}
