import { plural } from "./plainText.ts";
import type { DetailSection } from "./types.ts";

/** Most UTF-16 units of text in one detail, most items of one section: a struct of a million fields must not become one message. */
const TEXT_LIMIT = 300_000;
const ITEM_LIMIT = 300;
const SECTION_LIMIT = 100;

/** The sections as far as they fit, with a word about what was left out: the raw JSON has it all. */
export function boundSections(sections: readonly DetailSection[]): readonly DetailSection[] {
  const kept: DetailSection[] = [];
  let units = 0;
  for (const section of sections) {
    if (kept.length >= SECTION_LIMIT || units > TEXT_LIMIT) {
      const left = `${plural(sections.length - kept.length, "more section")} left out: see the raw JSON`;
      kept.push({ kind: "fields", title: "Not shown", fields: [{ name: "sections", value: left }] });
      break;
    }
    const bounded = boundSection(section);
    units += unitsOf(bounded);
    kept.push(bounded);
  }
  return kept;
}

function boundSection(section: DetailSection): DetailSection {
  if (section.kind === "text") return section;
  const all = section.kind === "fields" ? section.fields : section.items;
  if (all.length <= ITEM_LIMIT) return section;
  const more = { name: "…", value: `${(all.length - ITEM_LIMIT).toLocaleString("en-US")} more left out: see the raw JSON` };
  const items = [...all.slice(0, ITEM_LIMIT), more];
  return section.kind === "fields" ? { ...section, fields: items } : { ...section, items };
}

function unitsOf(section: DetailSection): number {
  if (section.kind === "text") return section.text.head.length + section.title.length;
  const items = section.kind === "fields" ? section.fields : section.items;
  return items.reduce((sum, item) => sum + item.name.length + item.value.length, section.title.length);
}
