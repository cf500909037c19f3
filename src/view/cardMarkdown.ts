import { cutText, visibleText } from "./plainText.ts";
import type { ChildCard } from "./types.ts";

/** Most UTF-16 units of one escaped value, and of the whole text. */
const VALUE_LIMIT = 400;
const TEXT_LIMIT = 8000;

/**
 * Record text as markdown that shows exactly that text: punctuation of markdown escaped, `<`, `>` and `&` as entities, one line, direction
 * overrides and invisible characters made visible. Neither a link (written, automatic or to a command), nor a picture, nor HTML, nor an
 * icon can come out of it.
 */
export function escapeMarkdown(text: string, limit = VALUE_LIMIT): string {
  const head = text.length > limit * 4 ? text.slice(0, limit * 4) : text;
  const line = cutText(visibleText(head.replace(/\s+/g, " ").trim()), limit);
  return line.replace(/[&<>:@/.$\\`*_{}[\]()#+\-!|~=^"']/g, (char) => ENTITIES.get(char) ?? `\\${char}`);
}

/**
 * Characters a backslash does not disarm: automatic links are found in `https:`, `www.` and `name@host` after escapes are resolved. As
 * entities they stay text.
 */
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ...[":", "@", "/", ".", "$"].map((char) => [char, `&#${char.charCodeAt(0)};`] as const),
]);

/** The card as markdown for an editor hover. Its own words are fixed; every text of the record is escaped. */
export function cardMarkdown(card: ChildCard, showTime: (epochMs: number) => string = isoTime): string {
  const lines = [`**${escapeMarkdown(card.title, 120)}** — ${escapeMarkdown(card.status.text, 80)}`, ""];
  for (const field of card.fields) {
    const moment = field.time?.epochMs ?? null;
    const value = moment === null ? field.value : showTime(moment);
    const line = `- ${escapeMarkdown(field.name)}: ${escapeMarkdown(value)}`;
    if (lines.join("\n").length + line.length > TEXT_LIMIT) break;
    lines.push(line);
  }
  lines.push("", escapeMarkdown(card.recordNote));
  return lines.join("\n");
}

/** A moment in UTC, to the second. */
function isoTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
