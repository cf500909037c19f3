import { html, nothing, type TemplateResult } from "lit";
import type { TableRow } from "../src/view/tables.ts";
import type { DetailSection, RowDetail } from "../src/view/types.ts";
import { noActions, type Actions } from "./Actions.ts";
import { button } from "./controls.ts";
import { fieldsTemplate, listTemplate } from "./fields.ts";
import { kindLooks, presenceIcons, toneIcons } from "./looks.ts";
import { Part } from "./Part.ts";
import { icon, recordText } from "./text.ts";
import { cut, plainText } from "./visibleText.ts";

/** Longest value of a field on the screen; longer ones come as text sections. */
const valueLimit = 20_000;

/** Everything about the selected row. */
export class DetailPane extends Part {
  static override properties = {
    detail: { attribute: false },
    fault: { attribute: false },
    row: { attribute: false },
    actions: { attribute: false },
  };

  detail: RowDetail | null = null;
  /** Why there is no detail. */
  fault: string | null = null;
  /** The table's row the detail is of; null where it is one of the tree. */
  row: TableRow | null = null;
  actions: Actions = noActions;

  /** Puts the keyboard into the pane. */
  focusPane(): void {
    this.querySelector<HTMLElement>(".detail")?.focus({ preventScroll: true });
  }

  protected override render(): TemplateResult {
    const { detail } = this;
    return html`<section class="detail" aria-label="Details" tabindex="-1" @keydown=${this.keyed}>
      ${
        detail === null
          ? html`<p class="quiet">${this.fault === null ? "Select a row to see its details." : recordText(this.fault)}</p>`
          : this.detailTemplate(detail)
      }
    </section>`;
  }

  private readonly keyed = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.actions.focusTree();
  };

  private detailTemplate(detail: RowDetail): TemplateResult {
    const { actions } = this;
    const looks = kindLooks[detail.kind];
    const { offset, status } = detail;
    return html`<div class="detail-head">
        <span class="kind kind-${detail.kind} codicon codicon-${looks.icon}" role="img" aria-label=${looks.word}></span>
        <h2>${recordText(cut(detail.title, 1000))}</h2>
        <div class="detail-actions">
          ${this.row?.id === detail.rowId ? this.rowActions(this.row) : nothing}
          ${this.iconAction("copy", "Copy path", () => actions.post({ kind: "copy", text: detail.path, what: "Path" }))}
          ${offset === null ? nothing : this.iconAction("json", "Reveal in JSON", () => actions.post({ kind: "openAsText", offset }))}
        </div>
      </div>
      <div class="detail-sub">
        ${status === null ? nothing : html`<span class="tone-${status.tone}">${icon(toneIcons[status.tone])}${recordText(cut(status.text, 200))}</span>`}
        ${detail.subtitle === "" ? nothing : html`<span>${recordText(cut(detail.subtitle, 1000))}</span>`}
        <span class="mono path" title="Place in the file">${recordText(cut(detail.path, 1000))}</span>
      </div>
      ${this.cardTemplate(detail)} ${detail.sections.map((section) => this.sectionTemplate(section))}
      ${
        detail.raw === null
          ? nothing
          : html`<section class="block">
              <h3>JSON</h3>
              <rr-long-text
                .text=${detail.raw}
                .rowId=${detail.rowId}
                .format=${"json"}
                .label=${"JSON"}
                .actions=${actions}
              ></rr-long-text>
            </section>`
      }`;
  }

  private rowActions(row: TableRow): TemplateResult {
    const { actions } = this;
    const { treeRow } = row;
    return html`${treeRow === null ? nothing : this.iconAction("list-tree", "Show in tree", () => actions.goToRow(treeRow))}${
      row.opens ? this.iconAction("go-to-file", "Open the file", () => actions.post({ kind: "openBeside", rowId: row.id })) : nothing
    }`;
  }

  /** Whether a child's own record can be opened. Its fields are among the sections. */
  private cardTemplate(detail: RowDetail): TemplateResult | typeof nothing {
    const { card } = detail;
    if (card === null) return nothing;
    const canOpen = card.record === "present" || card.record === "outside";
    return html`<div class="record-note">
      <span class="presence presence-${card.record}"
        >${icon(presenceIcons[card.record])}<span>${recordText(cut(card.recordNote, 1000))}</span></span
      >
      ${
        canOpen
          ? button({
              label: "Open child record",
              name: "open-child",
              onClick: () => this.actions.post({ kind: "openChildRecord", rowId: detail.rowId }),
            })
          : nothing
      }
    </div>`;
  }

  private sectionTemplate(section: DetailSection): TemplateResult {
    const title = section.title === "" ? nothing : html`<h3>${recordText(cut(section.title, 400))}</h3>`;
    switch (section.kind) {
      case "fields":
        return html`<section class="block">${title}${fieldsTemplate(section.fields, this.actions, valueLimit)}</section>`;
      case "list":
        return html`<section class="block">${title}${listTemplate(section.items, this.actions, valueLimit)}</section>`;
      case "text":
        return html`<section class="block">
          ${title}
          <rr-long-text
            .text=${section.text}
            .rowId=${this.detail?.rowId ?? ""}
            .format=${section.format}
            .label=${plainText(cut(section.title, 80)) || "Text"}
            .actions=${this.actions}
          ></rr-long-text>
        </section>`;
    }
  }

  private iconAction(name: string, label: string, onClick: () => void): TemplateResult {
    return html`<button class="icon-button" title=${label} aria-label=${label} @click=${onClick}>${icon(name)}</button>`;
  }
}

customElements.define("rr-detail", DetailPane);
