import { html, type TemplateResult } from "lit";
import { textPieces } from "./visibleText.ts";

/** Record text inside a line: set apart from the direction of what is around it, hidden characters named. Always text, never markup. */
export function recordText(text: string): TemplateResult {
  return html`<bdi>${pieces(text)}</bdi>`;
}

/** The same without the element, for places that set direction themselves. */
export function pieces(text: string): unknown[] {
  return textPieces(text).map((piece) => (piece.mark ? html`<span class="mark">${piece.text}</span>` : piece.text));
}

/** A path inside the record, which may be broken across lines where a part of it begins. */
export function pathText(path: string): TemplateResult {
  return html`<bdi>${path.split(/(?=[.[])/).map((part) => html`${pieces(part)}<wbr />`)}</bdi>`;
}

/** A codicon that says nothing by itself. */
export function icon(name: string, extra = ""): TemplateResult {
  return html`<span class="codicon codicon-${name} ${extra}" aria-hidden="true"></span>`;
}
