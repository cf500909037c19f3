import type { JsonSlice } from "../../json/JsonSlice.ts";
import type { LogEvent } from "../../eventlog/LogEvent.ts";
import type { TopicCursor } from "../../eventlog/LogView.ts";
import type { LineRef } from "../../eventlog/sidecar/ModelTurn.ts";
import { TurnAssembler } from "../../eventlog/sidecar/TurnAssembler.ts";
import { stringMember, stringOf } from "../../record/sliceAccess.ts";
import type { RunRecord } from "../../record/types.ts";
import { readTime } from "../../view/readTime.ts";
import { describeCause } from "../EngineFault.ts";
import type { AroundContext } from "./AroundPart.ts";

/** The topic that holds the lines of model transcripts (run logs format, model transcript): those of all runs. */
export const TRANSCRIPT_TOPIC = "agent.transcript.llm";
const PAGE = 500;
/** The log's clock and the record's are read at different moments (milliseconds). */
const SLACK_MS = 1000;

/** What tells an event of this run from those of others. */
interface Belonging {
  /** Two of the same text choose the same events. */
  readonly key: string;
  readonly callIds: ReadonlySet<string>;
  readonly startMs: number;
  readonly endMs: number;
}

/** Reads the lines of a model transcript from the event log, for a run that has none beside it. */
export class TranscriptEvents {
  readonly #context: AroundContext;
  readonly #changed: (what: "grew" | "done" | "restarted") => void;
  #assembler = new TurnAssembler();
  #cursor: TopicCursor | null = null;
  #belonging: Belonging | null = null;
  #mark: string | null = null;
  #busy = false;
  #failure: string | null = null;
  #progress: { readonly done: number; readonly total: number } | null = null;
  /** Counts readings begun: one that was given up changes nothing any more. */
  #round = 0;

  constructor(context: AroundContext, changed: (what: "grew" | "done" | "restarted") => void) {
    this.#context = context;
    this.#changed = changed;
  }

  get assembler(): TurnAssembler {
    return this.#assembler;
  }

  /** Why the topic cannot be read; null when it can. */
  get failure(): string | null {
    return this.#failure;
  }

  get progress(): { readonly done: number; readonly total: number } | null {
    return this.#progress;
  }

  /** Another log, or none: everything is read anew. */
  reset(): void {
    this.#round++;
    this.#busy = false;
    this.#assembler = new TurnAssembler();
    this.#cursor = null;
    this.#mark = null;
    this.#failure = null;
    this.#progress = null;
  }

  /** Reads the first page of what is new; the rest goes on behind. Never rejects. */
  async look(): Promise<void> {
    const view = this.#context.log?.view ?? null;
    if (this.#busy || view === null) return;
    const belonging = belongingOf(this.#context.state.reading.record);
    if (this.#belonging !== null && this.#belonging.key !== belonging.key) {
      this.reset();
      this.#changed("restarted");
    }
    this.#belonging = belonging;
    const round = this.#round;
    this.#busy = true;
    try {
      const mark = await view.mark(TRANSCRIPT_TOPIC);
      if (round !== this.#round) return;
      if (mark === this.#mark) this.#busy = false;
      else {
        this.#mark = mark;
        if (await this.#step(round)) void this.#rest(round);
      }
    } catch (cause) {
      this.#context.ports.log("error", `The topic ${TRANSCRIPT_TOPIC} cannot be read: ${describeCause(cause)}`);
      this.#fail(round, "something went wrong, see the log.");
    }
  }

  /** An event's payload once more; null where it is not there any more. */
  async readLine({ event }: LineRef): Promise<JsonSlice | null> {
    const view = this.#context.log?.view ?? null;
    return event === null || view === null ? null : ((await view.readOne(TRANSCRIPT_TOPIC, event, null))?.payload ?? null);
  }

  async #rest(round: number): Promise<void> {
    try {
      do await this.#context.ports.pause();
      while (await this.#step(round));
    } catch (cause) {
      this.#context.ports.log("error", `The topic ${TRANSCRIPT_TOPIC} cannot be read: ${describeCause(cause)}`);
      this.#fail(round, "something went wrong, see the log.");
    }
  }

  /** Takes a page; false at the end, and when the reading was given up. */
  async #step(round: number): Promise<boolean> {
    const view = this.#context.log?.view ?? null;
    if (view === null || this.#context.signal.aborted) return this.#end(round);
    const page = await view.read(TRANSCRIPT_TOPIC, this.#cursor, PAGE);
    if (round !== this.#round) return false;
    if (!page.ok) return this.#fail(round, page.message);
    this.#failure = null;
    if (page.startedOver) {
      this.#assembler = new TurnAssembler();
      this.#changed("restarted");
    }
    for (const event of page.events) {
      if (this.#belonging !== null && belongs(event, this.#belonging)) this.#assembler.add(refOf(event), event.payload);
    }
    this.#cursor = page.next;
    this.#progress = page.done ? null : page.progress;
    if (page.done) return this.#end(round);
    this.#changed("grew");
    return true;
  }

  /** What was read stays; the next look tries again. */
  #fail(round: number, message: string): false {
    if (round !== this.#round) return false;
    this.#failure = message;
    this.#mark = null;
    return this.#end(round);
  }

  #end(round: number): false {
    if (round !== this.#round) return false;
    this.#busy = false;
    this.#progress = null;
    this.#changed("done");
    return false;
  }
}

/** A topic has the lines of all runs: of this one are those whose call a span of the record names, and those of the run's time. */
function belongingOf(record: RunRecord): Belonging {
  const callIds = new Set(record.trace_spans.map(({ metadata }) => stringOf(metadata.get("call_id"))).filter((id) => id !== null));
  const start = readTime(record.started_at);
  const end = record.finished_at === null ? Infinity : readTime(record.finished_at);
  // A run that does not say when it began has no time of its own.
  const startMs = start === null ? Infinity : start - SLACK_MS;
  const endMs = end === null ? -Infinity : end + SLACK_MS;
  return { key: `${startMs} ${endMs} ${[...callIds].join(" ")}`, callIds, startMs, endMs };
}

function belongs({ payload, occurredAtMs }: LogEvent, { callIds, startMs, endMs }: Belonging): boolean {
  const call = stringMember(payload, "call_id");
  if (call !== null && callIds.has(call)) return true;
  const ms = Number(occurredAtMs);
  return startMs <= ms && ms <= endMs;
}

function refOf({ id }: LogEvent): LineRef {
  return { line: Number(id), offset: 0, length: 0, event: id };
}
