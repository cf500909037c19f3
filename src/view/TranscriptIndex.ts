import { elements } from "../json/cursor.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId } from "../json/Tape.ts";
import type { JsonSlice } from "../json/JsonSlice.ts";
import type { RecordReading } from "../record/readRecord.ts";
import { compactionId } from "./compactionFacts.ts";
import { containerAt, textAt } from "./tapeFields.ts";
import { readTranscriptCalls, readTranscriptEvents } from "./Transcript.ts";
import type { TranscriptCall, TranscriptEvents } from "./Transcript.ts";

/** A compaction event: its place in the transcript's `events`, and its node. */
export type PlacedCompaction = readonly [at: number, event: NodeId];

const NOTHING: readonly TranscriptCall[] = [];

/** Transcripts of one session, in the order of the stages, and what they have told so far. */
interface Session {
  readonly members: readonly number[];
  done: number;
  readonly told: Set<string>;
}

/**
 * The transcripts of a record, each counted once. Stages of some kinds repeat the transcript of the stage before, and the run's own
 * repeats the last stage's: a tool call or compaction belongs to the first that tells of it. Transcripts are numbered as their stages,
 * the run's own comes after the last.
 */
export class TranscriptIndex {
  readonly #reading: RecordReading;
  readonly #nodes: readonly NodeId[];
  readonly #events = new Map<number, TranscriptEvents>();
  readonly #calls = new Map<number, readonly TranscriptCall[]>();
  #sessions: ReadonlyMap<number, Session> | undefined;
  #compactions:
    { readonly own: ReadonlyMap<number, readonly PlacedCompaction[]>; readonly places: ReadonlyMap<string, number[]> } | undefined;

  constructor(reading: RecordReading) {
    this.#reading = reading;
    const nodeOf = (slice: JsonSlice | null): NodeId => (slice !== null && slice.tape === reading.tape ? slice.node : NO_NODE);
    this.#nodes = [...reading.record.stages.map((stage) => nodeOf(stage.transcript)), nodeOf(reading.record.transcript)];
  }

  /** The transcript's own node. */
  node(index: number): NodeId {
    return this.#nodes[index] ?? NO_NODE;
  }

  /** Tool calls that no earlier transcript of the same session has. */
  calls(index: number): readonly TranscriptCall[] {
    if (this.node(index) === NO_NODE) return NOTHING;
    const known = this.#calls.get(index);
    if (known !== undefined) return known;
    const session = this.#sessionOf(index);
    if (session === undefined) {
      const calls = this.#readCalls(index);
      this.#calls.set(index, calls);
      return calls;
    }
    for (let member = -1; member < index && session.done < session.members.length; session.done++) {
      member = session.members[session.done] ?? -1;
      this.#calls.set(member, newCalls(this.#readCalls(member), session.told));
    }
    return this.#calls.get(index) ?? [];
  }

  /** Compactions whose event no earlier transcript has. */
  compactions(index: number): readonly PlacedCompaction[] {
    return this.#compactionIndex().own.get(index) ?? [];
  }

  /** Transcripts that list a compaction event: stages, or null for the run's own. */
  compactionPlaces(event: NodeId): readonly (number | null)[] {
    const places = this.#compactionIndex().places.get(compactionId(this.#reading.tape, event)) ?? [];
    return places.map((index) => (index === this.#nodes.length - 1 ? null : index));
  }

  totals(): { readonly calls: number; readonly compactions: number } {
    let calls = 0;
    let compactions = 0;
    for (let index = 0; index < this.#nodes.length; index++) {
      calls += this.calls(index).length;
      compactions += this.compactions(index).length;
    }
    return { calls, compactions };
  }

  #readEvents(index: number): TranscriptEvents {
    let events = this.#events.get(index);
    if (events === undefined) {
      events = readTranscriptEvents(this.#reading.tape, this.node(index));
      this.#events.set(index, events);
    }
    return events;
  }

  #readCalls(index: number): readonly TranscriptCall[] {
    return readTranscriptCalls(this.#reading.tape, this.node(index), this.#readEvents(index));
  }

  /** Transcripts with the same id are of one session; those without an id stand alone. */
  #sessionOf(index: number): Session | undefined {
    if (this.#sessions === undefined) {
      const byId = new Map<string, number[]>();
      this.#nodes.forEach((node, at) => {
        const id = textAt(this.#reading.tape, node, "id") ?? "";
        if (id === "") return;
        const members = byId.get(id);
        if (members === undefined) byId.set(id, [at]);
        else members.push(at);
      });
      const sessions = new Map<number, Session>();
      for (const members of byId.values()) {
        const session: Session = { members, done: 0, told: new Set() };
        if (members.length > 1) for (const member of members) sessions.set(member, session);
      }
      this.#sessions = sessions;
    }
    return this.#sessions.get(index);
  }

  #compactionIndex(): { readonly own: ReadonlyMap<number, readonly PlacedCompaction[]>; readonly places: ReadonlyMap<string, number[]> } {
    if (this.#compactions !== undefined) return this.#compactions;
    const { tape } = this.#reading;
    const own = new Map<number, PlacedCompaction[]>();
    const places = new Map<string, number[]>();
    this.#nodes.forEach((node, index) => {
      const events = node === NO_NODE ? [] : this.#readEvents(index).compactions;
      if (events.length === 0) return;
      const at = positionsOf(elements(tape, containerAt(tape, node, "events", "array")), events);
      const mine = events.flatMap((event, order): PlacedCompaction[] => {
        const id = compactionId(tape, event);
        const listed = places.get(id);
        if (id !== "") places.set(id, listed === undefined ? [index] : listed.includes(index) ? listed : [...listed, index]);
        return id !== "" && listed !== undefined ? [] : [[at[order] ?? order, event]];
      });
      if (mine.length > 0) own.set(index, mine);
    });
    this.#compactions = { own, places };
    return this.#compactions;
  }
}

/** The calls not told before; ids may come again within a transcript, so the how-manieth of its id a call is counts too. */
function newCalls(calls: readonly TranscriptCall[], told: Set<string>): readonly TranscriptCall[] {
  const seen = new Map<string, number>();
  return calls.filter((call) => {
    const id = call.id ?? `without id: ${call.name}`;
    const time = (seen.get(id) ?? 0) + 1;
    seen.set(id, time);
    const key = `${time} ${id}`;
    if (told.has(key)) return false;
    told.add(key);
    return true;
  });
}

/** Places of some of the nodes in the whole sequence, both in the same order. */
function positionsOf(all: Iterable<NodeId>, some: readonly NodeId[]): number[] {
  const places: number[] = [];
  let at = 0;
  for (const node of all) {
    if (node === some[places.length]) places.push(at);
    if (places.length === some.length) break;
    at++;
  }
  return places;
}
