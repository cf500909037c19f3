import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { ToPage, UserError } from "../src/protocol/page.ts";
import { formatBytes } from "../src/view/formatBytes.ts";
import type { AroundView } from "../src/view/tables.ts";
import type { OpenedView, RowDetail } from "../src/view/types.ts";
import type { Actions } from "./Actions.ts";
import type { DetailPane } from "./DetailPane.ts";
import { headerTemplate } from "./header.ts";
import type { HostLink } from "./HostLink.ts";
import type { HoverCard } from "./HoverCard.ts";
import { noteExpansion } from "./pageState.ts";
import type { PageStateStore } from "./PageStateStore.ts";
import { Part } from "./Part.ts";
import type { ProblemsList } from "./ProblemsList.ts";
import type { PreviewState } from "./SavePreviewView.ts";
import { setStyle } from "./setStyle.ts";
import { usualWidth } from "./Splitter.ts";
import { brokenTemplate, failedTemplate, loadingTemplate, noRecordTemplate, noRowsTemplate } from "./states.ts";
import { recordText } from "./text.ts";
import type { TreeGrid } from "./TreeGrid.ts";
import { TreeModel, type ActiveRow } from "./TreeModel.ts";
import { cut } from "./visibleText.ts";

type Phase =
  | { readonly kind: "waiting" }
  | { readonly kind: "loading"; readonly fileName: string; readonly byteLength: number; readonly slow: boolean }
  | { readonly kind: "opened"; readonly view: OpenedView }
  | { readonly kind: "failed"; readonly error: UserError };

/** Reading that takes no longer is over before a ring would be noticed, in milliseconds. */
const ringAfterMs = 200;

/** The page: takes the host's messages and lays out the parts. */
export class App extends Part {
  static override properties = {
    phase: { state: true },
    preview: { state: true },
    detail: { state: true },
    detailFault: { state: true },
    around: { state: true },
    view: { state: true },
    treeVersion: { state: true },
    dirty: { state: true },
    said: { state: true },
    room: { state: true },
    scriptFault: { state: true },
    restored: { state: true },
  };

  private phase: Phase = { kind: "waiting" };
  private preview: PreviewState | null = null;
  private detail: RowDetail | null = null;
  private detailFault: string | null = null;
  private around: AroundView | null = null;
  private view: "tree" | "problems" = "tree";
  private treeVersion = 0;
  private dirty = false;
  private said = "";
  private room = 1200;
  private scriptFault = false;
  private detailUnderWay = false;
  private restored = false;
  private ringTimer: ReturnType<typeof setTimeout> | null = null;
  private resize: ResizeObserver | null = null;
  private readonly link: HostLink;
  private readonly state: PageStateStore;
  private readonly model: TreeModel;
  private readonly actions: Actions;

  constructor(link: HostLink, state: PageStateStore) {
    super();
    this.link = link;
    this.state = state;
    this.model = new TreeModel(link, {
      changed: () => (this.treeVersion += 1),
      selected: (active, reveal) => this.rowSelected(active, reveal),
      toggled: (rowIds, expanded) => state.update((now) => noteExpansion(now, rowIds, expanded)),
    });
    this.actions = {
      post: (action) => link.action(action),
      request: (request) => link.request(request),
      select: (rowId) => void this.selectRow(rowId),
      focusTree: () => this.focusMain(),
      showProblems: () => this.show("problems"),
      showTree: () => this.show("tree"),
      announce: (sentence) => this.announce(sentence),
    };
  }

  /** One message of the host. */
  receive(message: ToPage): void {
    switch (message.type) {
      case "answer":
        this.link.receive(message);
        return;
      case "loading":
        this.loading(message.fileName, message.byteLength);
        return;
      case "opened":
        this.opened(message.view);
        return;
      case "failed":
        this.link.dropPending();
        this.phase = { kind: "failed", error: message.error };
        return;
      case "preview":
        this.card?.close(false);
        this.preview = { kind: "shown", preview: message.preview };
        this.announce(message.preview.unchanged ? "Nothing to change" : `${message.preview.changes.length} changes to look at`);
        return;
      case "previewBusy":
        this.previewBusy(message.what);
        return;
      case "previewRefused":
        this.preview = { kind: "refused", message: message.error.message, offset: message.offset, token: this.previewToken };
        return;
      case "previewClosed":
        this.closePreview();
        return;
      case "select":
        this.view = "tree";
        void this.selectRow(message.rowId);
        return;
      case "around":
        this.around = message.around;
        return;
      case "dirty":
        this.dirty = message.dirty;
        return;
    }
  }

  /** The page's script failed somewhere: said on the page, as what is shown may be incomplete. */
  failed(): void {
    this.scriptFault = true;
  }

  private loading(fileName: string, byteLength: number): void {
    this.link.dropPending();
    if (this.ringTimer !== null) clearTimeout(this.ringTimer);
    // A record that is read again stays on the screen until the new one is there.
    if (this.phase.kind === "opened") return;
    this.phase = { kind: "loading", fileName, byteLength, slow: false };
    this.ringTimer = setTimeout(() => {
      if (this.phase.kind === "loading") this.phase = { ...this.phase, slow: true };
    }, ringAfterMs);
  }

  private opened(view: OpenedView): void {
    this.link.dropPending();
    if (this.ringTimer !== null) clearTimeout(this.ringTimer);
    this.detailUnderWay = false;
    this.phase = { kind: "opened", view };
    if (view.problemCount === 0) this.view = "tree";
    if (view.header === null) return;
    const { selected, scrollTop } = this.state.current;
    void this.model.open(this.model.active?.row.id ?? selected).then(() => {
      if (this.restored) return;
      this.restored = true;
      this.tree?.restoreScroll(scrollTop);
    });
  }

  /** `final`: what was confirmed is being carried out, as far as the page knows. */
  private previewBusy(what: string, final = this.preview?.kind === "busy" && this.preview.final): void {
    const shown = this.preview === null || this.preview.kind === "refused" ? null : this.preview.preview;
    this.preview = { kind: "busy", what, preview: shown, final };
    this.announce(what);
  }

  private closePreview(): void {
    if (this.preview === null) return;
    this.preview = null;
    void this.updateComplete.then(() => this.focusMain());
  }

  private get previewToken(): string {
    if (this.preview === null) return "";
    return this.preview.kind === "refused" ? this.preview.token : (this.preview.preview?.token ?? "");
  }

  private rowSelected(active: ActiveRow | null, reveal: boolean): void {
    if (reveal) this.tree?.reveal();
    const rowId = active?.row.id ?? null;
    if (rowId !== this.state.current.selected) {
      this.state.update((now) => ({ ...now, selected: rowId }));
      this.link.selected(rowId);
    }
    if (rowId === null) this.detail = null;
    else void this.fetchDetail();
  }

  /** At most one detail is under way: holding an arrow key down asks for some of the rows passed, and always for the last. */
  private async fetchDetail(): Promise<void> {
    const rowId = this.model.active?.row.id;
    if (rowId === undefined || this.detailUnderWay) return;
    this.detailUnderWay = true;
    const reply = await this.link.request({ kind: "detail", rowId });
    if (reply.kind === "stale") return;
    this.detailUnderWay = false;
    if (this.model.active?.row.id !== rowId) {
      await this.fetchDetail();
      return;
    }
    this.detail = reply.kind === "value" ? reply.value : null;
    this.detailFault = reply.kind === "error" ? reply.error.message : null;
  }

  private async selectRow(rowId: string): Promise<void> {
    if (!(await this.model.select(rowId))) this.announce("That row is not in this record");
    else if (this.view === "tree") this.tree?.reveal();
  }

  private show(view: "tree" | "problems"): void {
    this.view = view;
    void this.updateComplete.then(() => {
      if (view === "tree") this.tree?.reveal();
      this.focusMain();
    });
  }

  private focusMain(): void {
    if (this.view === "tree") this.tree?.focusActive();
    else this.querySelector<ProblemsList>("rr-problems")?.focusList();
  }

  private announce(sentence: string): void {
    this.said = sentence;
  }

  private get tree(): TreeGrid | null {
    return this.querySelector<TreeGrid>("rr-tree");
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.resize = new ResizeObserver(() => (this.room = this.clientWidth));
    this.resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resize?.disconnect();
  }

  protected override render(): TemplateResult {
    return html`${this.scriptFault ? this.faultTemplate() : nothing}${this.phaseTemplate()}
      <div class="sr" role="status" aria-live="polite">${this.said}</div>`;
  }

  private faultTemplate(): TemplateResult {
    return html`<div class="notice severity-error" role="alert">
      <span class="codicon codicon-error" aria-hidden="true"></span>
      <span>Something on this page failed; what it shows may be incomplete.</span>
      <button class="link" @click=${() => this.link.action({ kind: "reload" })}>Reload</button>
      <button class="link" @click=${() => this.link.action({ kind: "showLog" })}>Show Log</button>
    </div>`;
  }

  private phaseTemplate(): TemplateResult | typeof nothing {
    const { phase } = this;
    switch (phase.kind) {
      case "waiting":
        return nothing;
      case "loading":
        return phase.slow ? loadingTemplate(phase.fileName, phase.byteLength) : nothing;
      case "failed":
        return failedTemplate(phase.error, this.actions);
      case "opened":
        return phase.view.header === null ? noRecordTemplate(phase.view, this.actions) : this.recordTemplate(phase.view);
    }
  }

  private recordTemplate(view: OpenedView): TemplateResult {
    const { detailWidth } = this.state.current;
    return html`${headerTemplate(view, this.actions)} ${brokenTemplate(view, this.actions)}
      <div class="body">
        <rr-preview
          .preview=${this.preview}
          .actions=${this.actions}
          .onWaiting=${(what: string, final: boolean) => this.previewBusy(what, final)}
          .onClosed=${() => this.closePreview()}
        ></rr-preview>
        <main
          class="record ${this.preview === null ? "" : "covered"}"
          ?inert=${this.preview !== null}
          ${setStyle({ "--detail-width": `${detailWidth ?? usualWidth(this.room)}px` })}
        >
          <div class="main-part">
            ${
              this.view === "problems"
                ? html`<rr-problems .total=${view.problemCount} .revision=${view.revision} .actions=${this.actions}></rr-problems>`
                : html`<rr-tree
                    .model=${this.model}
                    .actions=${this.actions}
                    .version=${this.treeVersion}
                    .onScrolled=${(scrollTop: number) => this.state.update((now) => ({ ...now, scrollTop }))}
                    .onCard=${this.openCard}
                    .onCardLeft=${() => this.card?.leave()}
                    @leave-tree=${() => this.querySelector<DetailPane>("rr-detail")?.focusPane()}
                  ></rr-tree>`
            }
            ${this.isEmpty ? noRowsTemplate() : nothing}
          </div>
          <rr-splitter
            .width=${detailWidth}
            .room=${this.room}
            .onWidth=${(width: number | null) => this.resizeDetail(width)}
          ></rr-splitter>
          <rr-detail id="details" .detail=${this.detail} .fault=${this.detailFault} .actions=${this.actions}></rr-detail>
        </main>
      </div>
      ${this.preview === null ? this.footTemplate(view) : nothing}
      <rr-card .actions=${this.actions}></rr-card>`;
  }

  private get isEmpty(): boolean {
    return this.view === "tree" && this.restored && this.model.rows.total === 0;
  }

  private footTemplate(view: OpenedView): TemplateResult {
    const { active, rows } = this.model;
    return html`<footer class="foot">
      <span>${rows.total.toLocaleString()} ${rows.total === 1 ? "row" : "rows"}</span>
      ${this.detail === null || active === null ? nothing : html`<span class="mono path">${recordText(cut(this.detail.path, 200))}</span>`}
      <span class="spring"></span>
      ${this.dirty ? html`<span class="tone-warning">unsaved changes</span>` : nothing}
      <span>${formatBytes(view.byteLength)}</span>
    </footer>`;
  }

  private readonly openCard: TreeGrid["onCard"] = (row, anchor, byKeyboard) => void this.card?.open(row, anchor, byKeyboard);

  private get card(): HoverCard | null {
    return this.querySelector<HoverCard>("rr-card");
  }

  private resizeDetail(width: number | null): void {
    this.state.update((now) => ({ ...now, detailWidth: width }));
    this.requestUpdate();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (changed.has("treeVersion")) this.tree?.requestUpdate();
  }
}

customElements.define("rr-app", App);
