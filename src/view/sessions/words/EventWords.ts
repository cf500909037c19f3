/** What the words of agent events are made of. */
import type { SessionEvent } from "../../../eventlog/sessionTimeline/SessionEvent.ts";
import { count } from "../eventFields.ts";
import type { EntryJoin, Family, TimelineEntry } from "../TimelineEntry.ts";

/** The parts of an entry that one event gives. */
export interface EventWords extends Partial<
  Pick<TimelineEntry, "status" | "tookMs" | "tokensIn" | "tokensOut" | "costUsd" | "error" | "executor" | "tokensBefore" | "tokensAfter">
> {
  readonly family: Family;
  readonly label: string;
  readonly text: string;
  readonly join?: EntryJoin | null;
}

/** How one type of event is put into words. */
export type Words = (event: SessionEvent) => EventWords;

/** A family, and a label that names what it is about where that is known. */
export function labelled(family: Family, label: string, name: string | null): Pick<EventWords, "family" | "label"> {
  return { family, label: name === null || name === "" ? label : `${label}: ${name}` };
}

/** What an entry can be joined by; null without an id. */
export function join(kind: EntryJoin["kind"], value: string | null): EntryJoin | null {
  return value === null || value === "" ? null : { kind, id: value };
}

/** `3 pending`; null when the field is no number. */
export function counted(e: SessionEvent, field: string, word: string): string | null {
  const number = count(e, field);
  return number === null ? null : `${number.toLocaleString("en-US")} ${word}`;
}

/** A name of the format as words. */
export function spaced(word: string | null): string | null {
  return word === null ? null : word.replace(/_/g, " ");
}
