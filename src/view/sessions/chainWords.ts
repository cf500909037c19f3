import type { ChainVerdict } from "../../eventlog/sessionTimeline/ChainFold.ts";
import type { ChainLink } from "../../eventlog/provenance.ts";
import type { StatusTone } from "../types.ts";

/** The state of a topic's chain of hashes in a few words; empty when there is nothing to tell of. */
export function chainText({ state, at }: ChainVerdict): string {
  switch (state) {
    case "none":
      return "";
    case "intact":
      return "chain intact";
    case "startsLater":
      return `chain starts at ${at}`;
    case "gap":
      return `events gone before ${at}`;
    default:
      return at === null ? state : `${state} at ${at}`;
  }
}

export function chainTone({ state }: ChainVerdict): StatusTone {
  if (state === "intact") return "success";
  return state === "changed" || state === "broken" ? "failure" : state === "gap" ? "warning" : "neutral";
}

/** The same as a sentence, with what it means. */
export function chainSentence({ state, at, count }: ChainVerdict): string {
  const more = count > 1 ? ` The same holds for ${count - 1} more.` : "";
  switch (state) {
    case "none":
      return "No event was checked.";
    case "intact":
      return "Every event carries the hash of the one before it, and every hash is right.";
    case "startsLater":
      return `The events before ${at} were removed from the log. From there on every hash is right.`;
    case "gap":
      return `Some events were removed before event ${at}.${more} What is left is unchanged.`;
    case "unsigned":
      if (at === null) return "No event carries a hash: whether they were changed cannot be told.";
      return `Event ${at} carries no hash: whether it was changed cannot be told.${more}`;
    case "changed":
      return `The content of event ${at} is not what its hash was made from: it was changed after it was written.${more}`;
    case "broken":
      return `Event ${at} does not follow the event that stands before it: the log was changed there.${more}`;
  }
}

/** What the chain says of one event. `link` is null where nothing is wrong with it. */
export function linkSentence(link: ChainLink | null): { readonly value: string; readonly tone: StatusTone } {
  switch (link?.state) {
    case undefined:
    case "linked":
      return { value: "its hash is right, and it follows the event before it", tone: "success" };
    case "start":
      return { value: "its hash is right; the chain starts here", tone: "success" };
    case "unsigned":
      return { value: "it carries no hash", tone: "neutral" };
    case "gap":
      return { value: "its hash is right; events before it were removed", tone: "warning" };
    case "changed":
      return { value: "its content is not what its hash was made from", tone: "failure" };
    case "broken":
      return { value: "its hash is right, but it does not follow the event before it", tone: "failure" };
  }
}
