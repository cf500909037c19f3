import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { ChangeGroup, ChangeView, SaveFidelity, SavePreview } from "../src/view/types.ts";
import { formatBytes } from "../src/view/formatBytes.ts";
import { noActions, type Actions } from "./Actions.ts";
import { button, checkbox, dropdown, progressRing } from "./controls.ts";
import { Part } from "./Part.ts";
import { icon, pathText, recordText } from "./text.ts";
import { cut, plainText } from "./visibleText.ts";

/**
 * Where a normalise or resave stands. `busy`: being worked out, or (with a preview) being worked out again or, when `final`, carried
 * out; what is carried out can no longer be cancelled.
 */
export type PreviewState =
  | { readonly kind: "busy"; readonly what: string; readonly preview: SavePreview | null; readonly final: boolean }
  | { readonly kind: "shown"; readonly preview: SavePreview }
  | { readonly kind: "refused"; readonly message: string; readonly offset: number | null; readonly token: string };

const groups: readonly (readonly [ChangeGroup, string])[] = [
  ["filled", "Filled in"],
  ["merged", "Merged"],
  ["derived", "Derived again"],
  ["rewritten", "Rewritten"],
  ["lost", "Lost"],
  ["runtimeOnly", "Would change only in runtime fidelity"],
];

const titles: Readonly<Record<SavePreview["operation"], string>> = { normalize: "Normalize", resave: "Resave", resaveAs: "Resave As" };
const confirmLabels: Readonly<Record<SavePreview["operation"], string>> = {
  normalize: "Apply",
  resave: "Write the file",
  resaveAs: "Write the file",
};

/** What a normalise or a resave would do, for the user to confirm or not. The keyboard starts on the button that changes nothing. */
export class SavePreviewView extends Part {
  static override properties = { preview: { attribute: false }, actions: { attribute: false } };

  preview: PreviewState | null = null;
  actions: Actions = noActions;
  /** Called when the user confirmed or asked for other choices: nothing may be pressed until the host answers. */
  onWaiting: (what: string, final: boolean) => void = () => undefined;
  /** Where the keyboard was before the controls were held, to give it back. */
  private heldFocus: HTMLElement | null = null;
  /** Called when the user cancelled or closed it. */
  onClosed: () => void = () => undefined;

  protected override render(): TemplateResult | typeof nothing {
    const { preview } = this;
    if (preview === null) return nothing;
    return html`<section class="preview" aria-label="Preview of the change" @keydown=${this.keyed}>${this.bodyTemplate(preview)}</section>`;
  }

  private bodyTemplate(state: PreviewState): TemplateResult {
    switch (state.kind) {
      case "busy":
        return state.preview === null ? this.busyTemplate(state.what) : this.previewTemplate(state.preview, state.what, state.final);
      case "shown":
        return this.previewTemplate(state.preview, null, false);
      case "refused":
        return this.refusedTemplate(state.message, state.offset);
    }
  }

  private busyTemplate(what: string): TemplateResult {
    return html`<div class="preview-head">
      ${progressRing()}<span>${recordText(cut(what, 400))}</span>
      <div class="preview-buttons">${button({ label: "Cancel", name: "cancel", onClick: () => this.cancel() })}</div>
    </div>`;
  }

  private refusedTemplate(message: string, offset: number | null): TemplateResult {
    return html`<div class="preview-head">
        <h2 tabindex="-1">Refused</h2>
        <span class="dim">The file is untouched.</span>
        <div class="preview-buttons">
          ${
            offset === null
              ? nothing
              : button({
                  label: "Go to the place in the text",
                  name: "go-to-place",
                  onClick: () => this.actions.post({ kind: "openAsText", offset }),
                })
          }
          ${button({ label: "Close", name: "close", onClick: () => this.cancel() })}
        </div>
      </div>
      <div class="notice severity-error" role="alert">${icon("error")}<span>${recordText(cut(message, 4000))}</span></div>`;
  }

  private previewTemplate(preview: SavePreview, waiting: string | null, final: boolean): TemplateResult {
    const held = waiting !== null;
    const { token } = preview;
    // Saving under another path writes a file even when its bytes are the same.
    if (preview.unchanged && preview.operation !== "resaveAs") {
      return html`<div class="preview-head">
          <h2 tabindex="-1">${titles[preview.operation]}</h2>
          <span class="dim">Nothing to change · ${preview.fidelity} fidelity</span>
          <div class="preview-buttons">${button({ label: "Close", name: "close", disabled: held, onClick: () => this.cancel() })}</div>
        </div>
        ${this.choicesTemplate(preview, held)}${notesTemplate(preview.notes)}
        <p class="quiet">The file already is what ${preview.operation === "normalize" ? "normalizing" : "saving"} it would make of it.</p>
        ${groupsTemplate(preview)}`;
    }
    return html`<div class="preview-head">
        <h2 tabindex="-1">${titles[preview.operation]}</h2>
        <span class="dim summary">${summary(preview)}</span>
        <div class="preview-buttons">
          ${
            held
              ? html`<span class="waiting-for">${progressRing()}<span>${recordText(cut(waiting, 200))}</span></span>`
              : button({ label: "Open as text diff", name: "diff", onClick: () => this.actions.post({ kind: "diffPreview", token }) })
          }
          ${button({ label: "Cancel", name: "cancel", disabled: final, onClick: () => this.cancel() })}
          ${button({
            label: confirmLabels[preview.operation],
            name: "confirm",
            primary: true,
            disabled: held,
            onClick: () => this.confirm(preview),
          })}
        </div>
      </div>
      ${this.choicesTemplate(preview, held)}${notesTemplate(preview.notes)}${groupsTemplate(preview)}
      <footer class="preview-foot dim">
        <span title=${plainText(cut(preview.targetPath, 1000))}>${recordText(cut(preview.targetPath, 300))}</span> ·
        ${formatBytes(preview.bytesBefore)} → ${formatBytes(preview.bytesAfter)} ·
        ${preview.operation === "normalize" ? "the file is untouched until you save" : "the file is untouched until you write it"}
      </footer>`;
  }

  private choicesTemplate(preview: SavePreview, held: boolean): TemplateResult {
    return html`<div class="preview-choices">
      ${dropdown<SaveFidelity>(
        "Fidelity",
        preview.fidelity,
        [
          { value: "lossless", label: "lossless" },
          { value: "runtime", label: "runtime" },
        ],
        held,
        (fidelity) => this.again(preview, preview.rederive.on, fidelity),
      )}
      <span class="dim"
        >${
          preview.fidelity === "lossless"
            ? "Fields the runtime does not know, and numbers that do not change, keep their own text."
            : "Byte for byte what the runtime writes; fields it does not know are dropped."
        }</span
      >
      ${
        preview.rederive.offered
          ? checkbox("Make derived parts again by 0.8.135’s rules", preview.rederive.on, held, (on) =>
              this.again(preview, on, preview.fidelity),
            )
          : nothing
      }
    </div>`;
  }

  /** Holds the controls; the keyboard waits on the heading, where Enter does nothing. */
  private wait(what: string, final: boolean): void {
    this.heldFocus = document.activeElement instanceof HTMLElement && this.contains(document.activeElement) ? document.activeElement : null;
    this.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
    this.onWaiting(what, final);
  }

  private again(preview: SavePreview, rederive: boolean, fidelity: SaveFidelity): void {
    this.wait("Working out the changes again…", false);
    this.actions.post({ kind: "repreview", token: preview.token, rederive, fidelity });
  }

  private confirm(preview: SavePreview): void {
    this.wait(preview.operation === "normalize" ? "Applying…" : "Writing…", true);
    this.actions.post({ kind: "confirmPreview", token: preview.token });
  }

  /** Cancelling is possible at any time; while nothing is prepared yet there is no token to name, and an empty one says "whatever it is". */
  private cancel(): void {
    const { preview } = this;
    if (preview?.kind === "busy" && preview.final) return;
    const token = preview === null ? "" : preview.kind === "refused" ? preview.token : (preview.preview?.token ?? "");
    this.actions.post({ kind: "cancelPreview", token });
    this.onClosed();
  }

  private readonly keyed = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    this.cancel();
  };

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (!changed.has("preview") || this.preview === null) return;
    if (this.preview.kind === "busy" && this.preview.preview !== null) return;
    const held = this.heldFocus;
    this.heldFocus = null;
    // Worked out again: the keyboard goes back to the choice that was made.
    if (this.preview.kind === "shown" && held?.isConnected === true) {
      held.focus({ preventScroll: true });
      return;
    }
    this.querySelector<HTMLElement>('[data-name="cancel"], [data-name="close"]')?.focus({ preventScroll: true });
  }
}

function summary(preview: SavePreview): string {
  const { totals } = preview;
  if (preview.unchanged) return `Nothing to change · ${preview.fidelity} fidelity`;
  const changes = totals.filled + totals.merged + totals.derived + totals.rewritten + totals.lost;
  const lost = totals.lost === 0 ? "nothing lost" : `${totals.lost.toLocaleString()} lost`;
  return `${changes.toLocaleString()} ${changes === 1 ? "change" : "changes"}, ${lost} · ${preview.fidelity} fidelity`;
}

function notesTemplate(notes: readonly string[]): TemplateResult | typeof nothing {
  if (notes.length === 0) return nothing;
  return html`<ul class="preview-notes">
    ${notes.map((note) => html`<li>${icon("info")}<span>${recordText(cut(note, 2000))}</span></li>`)}
  </ul>`;
}

function groupsTemplate(preview: SavePreview): TemplateResult {
  const total = groups.reduce((sum, [group]) => sum + preview.totals[group], 0);
  const left = total - preview.changes.length;
  return html`<div class="changes" role="region" aria-label="Changes" tabindex="0">
    ${groups.map(([group, title]) => {
      const changes = preview.changes.filter((change) => change.group === group);
      if (preview.totals[group] === 0 && changes.length === 0) return nothing;
      return html`<div role="table" class="group group-${group}" aria-label=${title}>
        <h3 role="presentation">${title} <span class="dim">${preview.totals[group].toLocaleString()}</span></h3>
        <div role="rowgroup" class="sr">
          <div role="row">
            ${["Change", "Path", "Before", "After", "Why"].map((name) => html`<span role="columnheader">${name}</span>`)}
          </div>
        </div>
        <div role="rowgroup">${changes.map(changeTemplate)}</div>
      </div>`;
    })}
    ${
      left <= 0
        ? nothing
        : html`<p class="quiet">
            ${left.toLocaleString()} more ${left === 1 ? "change is" : "changes are"} not listed here. “Open as text diff” shows all.
          </p>`
    }
  </div>`;
}

function changeTemplate(change: ChangeView): TemplateResult {
  const signs = { added: ["+", "added"], changed: ["~", "changed"], removed: ["−", "removed"] } as const;
  const warns = change.group === "runtimeOnly" || change.group === "lost";
  const [sign, word] = warns && change.group === "runtimeOnly" ? (["!", "not changed"] as const) : signs[change.change];
  return html`<div role="row" class="change ${change.change}">
    <span role="cell" class="sign ${warns ? "warns" : ""}" aria-label=${word}>${sign}</span>
    <span role="cell" class="mono path">${pathText(cut(change.path, 400))}</span>
    <span role="cell" class="mono before">${change.before === null ? "–" : recordText(cut(change.before, 1000))}</span>
    <span role="cell" class="mono after">${change.after === null ? "–" : recordText(cut(change.after, 1000))}</span>
    <span role="cell" class="why">${recordText(cut(change.why, 1000))}</span>
  </div>`;
}

customElements.define("rr-preview", SavePreviewView);
