/** What an agent event says by itself (event log format, agent events): its family, its name, the head of what it tells. */
import type { SessionEvent } from "../../eventlog/sessionTimeline/SessionEvent.ts";
import { NO_NODE } from "../../json/Tape.ts";
import { oneLine } from "../plainText.ts";
import { TEXT_LIMIT, valueHead } from "./eventFields.ts";
import { conversationWords } from "./words/conversationWords.ts";
import { decisionWords } from "./words/decisionWords.ts";
import type { EventWords, Words } from "./words/EventWords.ts";
import { foldedWords } from "./words/foldedWords.ts";
import { loopWords } from "./words/loopWords.ts";
import { warningWords } from "./words/warningWords.ts";

/** Written at every step of a loop, and of no use to a reader. */
const NOISE: ReadonlySet<string> = new Set(["loop_checkpoint", "typed_checkpoint"]);

export function isNoise(event: SessionEvent): boolean {
  return NOISE.has(event.tag);
}

const LABEL_LIMIT = 160;

export function describeEvent(event: SessionEvent): EventWords {
  const words = WORDS.get(event.tag)?.(event) ?? unknownWords(event);
  return { ...words, label: oneLine(words.label, LABEL_LIMIT), text: oneLine(words.text, TEXT_LIMIT) };
}

function unknownWords(event: SessionEvent): EventWords {
  return {
    family: "other",
    label: event.tag || "event",
    text: valueHead(event.tape, event.node === NO_NODE ? (event.tape.nodeCount > 0 ? 0 : NO_NODE) : event.node),
  };
}

const WORDS: ReadonlyMap<string, Words> = new Map(
  [conversationWords, loopWords, decisionWords, warningWords, foldedWords].flatMap((each) => Object.entries(each)),
);
