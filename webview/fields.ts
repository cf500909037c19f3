import { html, nothing, type TemplateResult } from "lit";
import type { DetailField } from "../src/view/types.ts";
import { follow, type Actions } from "./Actions.ts";
import { formatTime, timeHint } from "./formatTime.ts";
import { toneIcons } from "./looks.ts";
import { icon, recordText } from "./text.ts";
import { cut, plainText } from "./visibleText.ts";

/** Names and values, each of which can be copied. `most`: longest text of a value on the screen, in UTF-16 units. */
export function fieldsTemplate(fields: readonly DetailField[], actions: Actions, most: number): TemplateResult {
  return html`<dl class="fields">
    ${fields.map(
      (field) =>
        html`<dt>${recordText(cut(field.name, 200))}</dt>
          <dd>${fieldValue(field, actions, most)}${copyButton(field.name, field.value, actions)}</dd>`,
    )}
  </dl>`;
}

/** The same as a list, where the names say little (checks, open questions, paths). */
export function listTemplate(items: readonly DetailField[], actions: Actions, most: number): TemplateResult {
  return html`<ul class="list">
    ${items.map(
      (item) =>
        html`<li>
          ${item.name === "" ? nothing : html`<span class="list-name">${recordText(cut(item.name, 400))}</span>`}
          ${fieldValue(item, actions, most)}${copyButton(item.name === "" ? "value" : item.name, item.value === "" ? item.name : item.value, actions)}
        </li>`,
    )}
  </ul>`;
}

function fieldValue(field: DetailField, actions: Actions, most: number): TemplateResult {
  const { link, time, tone } = field;
  const text = time === undefined ? field.value : formatTime(time);
  const hint = time === undefined ? field.hint : timeHint(time);
  const shown = html`${tone === undefined ? nothing : icon(toneIcons[tone])}${recordText(field.state === undefined || text !== "" ? cut(text, most) : stateWords[field.state])}`;
  const title = hint === undefined ? nothing : plainText(cut(hint, 2000));
  if (link !== undefined) {
    return html`<button class="link value" title=${title} @click=${() => follow(link, actions)}>${shown}</button>`;
  }
  return html`<span class="value ${tone === undefined ? "" : `tone-${tone}`} ${field.state ?? ""}" title=${title}>${shown}</span>`;
}

/** How values read that have no text of their own. */
const stateWords: Readonly<Record<NonNullable<DetailField["state"]>, string>> = { null: "null", empty: "empty", absent: "not in the file" };

function copyButton(name: string, value: string, actions: Actions): TemplateResult | typeof nothing {
  if (value === "") return nothing;
  const label = `Copy ${plainText(cut(name, 80))}`;
  return html`<button
    class="icon-button copy"
    title=${label}
    aria-label=${label}
    @click=${() => actions.post({ kind: "copy", text: cut(value, copyLimit), what: cut(name, 80) })}
  >
    ${icon("copy")}
  </button>`;
}

/** Most UTF-16 units put on the clipboard by one click: at three bytes each still below the wire's 1 MB. */
export const copyLimit = 300_000;
