import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { ToPage } from "../src/protocol/page.ts";
import type { OpenedView } from "../src/view/types.ts";
import type { Actions } from "./Actions.ts";
import { DetailFlow } from "./DetailFlow.ts";
import type { DetailPane } from "./DetailPane.ts";
import type { HostLink } from "./HostLink.ts";
import type { HoverCard } from "./HoverCard.ts";
import { Opening } from "./Opening.ts";
import { isWayBack, Navigation } from "./Navigation.ts";
import { noteExpansion } from "./pageState.ts";
import type { PageStateStore } from "./PageStateStore.ts";
import { Part } from "./Part.ts";
import { PreviewFlow } from "./PreviewFlow.ts";
import type { ProblemsList } from "./ProblemsList.ts";
import { recordTemplate } from "./recordPage.ts";
import { beforeTemplate, noRecordTemplate, scriptFaultTemplate } from "./states.ts";
import type { TableView } from "./TableView.ts";
import type { TreeGrid } from "./TreeGrid.ts";
import { TreeModel, type ActiveRow } from "./TreeModel.ts";
import { Views } from "./Views.ts";

/** The page: takes the host's messages and lays out the parts. */
export class App extends Part {
  static override properties = { version: { state: true }, room: { state: true } };

  /** Counts up whenever there is something new to draw. */
  private version = 0;
  private room = 1200;
  private dirty = false;
  private said = "";
  private scriptFault = false;
  private restored = false;
  private toldSelected: string | null = null;
  private resize: ResizeObserver | null = null;
  private readonly opening: Opening;
  private readonly link: HostLink;
  private readonly state: PageStateStore;
  private readonly model: TreeModel;
  private readonly views: Views;
  private readonly navigation: Navigation;
  private readonly details: DetailFlow;
  private readonly preview: PreviewFlow;
  private readonly actions: Actions;

  constructor(link: HostLink, state: PageStateStore) {
    super();
    this.link = link;
    this.state = state;
    const changed = (): void => this.changed();
    this.opening = new Opening(changed);
    this.details = new DetailFlow(link, changed);
    this.preview = new PreviewFlow({ changed, closed: () => this.settle(true), announce: (sentence) => this.announce(sentence) });
    this.model = new TreeModel(link, {
      changed,
      selected: (active, reveal) => this.rowSelected(active, reveal),
      shifted: (rows) => this.tree?.shift(rows),
      toggled: (rowIds, expanded) => state.update((now) => noteExpansion(now, rowIds, expanded)),
    });
    this.views = new Views(link, state, {
      changed,
      selected: () => this.showDetail(),
      reveal: () => void this.updateComplete.then(() => this.tableView?.grid?.reveal()),
      shifted: (rows) => this.tableView?.grid?.shift(rows),
      fellBack: () => this.fellBack(),
    });
    this.navigation = new Navigation(this.model, this.views, {
      settle: (focus) => this.settle(focus),
      revealInTree: () => this.tree?.reveal(),
      announce: (sentence) => this.announce(sentence),
    });
    const { navigation } = this;
    this.actions = {
      post: (action) => link.action(action),
      request: (request) => link.request(request),
      select: (rowId) => void navigation.selectRow(rowId),
      goToRow: (rowId) => void navigation.goToRow(rowId),
      goToTableRow: (table, rowId) => void navigation.goToTableRow(table, rowId),
      focusTree: () => this.focusMain(),
      back: () => void navigation.back(),
      showProblems: () => navigation.show("problems", true),
      showTree: () => navigation.show("tree", true),
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
        this.link.dropPending();
        this.opening.loading(message.fileName, message.byteLength);
        return;
      case "opened":
        this.opened(message.view);
        return;
      case "failed":
        this.link.dropPending();
        this.opening.failed(message.error);
        return;
      case "preview":
      case "previewBusy":
      case "previewRefused":
      case "previewClosed":
        if (message.type === "preview") this.card?.close(false);
        this.preview.receive(message);
        return;
      case "select":
        this.navigation.forget();
        this.views.show("tree");
        void this.navigation.selectRow(message.rowId);
        return;
      case "around": {
        const before = this.views.around;
        this.views.receive(message.around);
        if (before !== null && message.around.treeVersion !== before.treeVersion) void this.refreshTree();
        return;
      }
      case "dirty":
        this.dirty = message.dirty;
        this.changed();
        return;
    }
  }

  private async refreshTree(): Promise<void> {
    await this.model.refresh();
    if (this.views.table === null) this.showDetail();
  }

  /** The page's script failed somewhere: said on the page, as what is shown may be incomplete. */
  failed(): void {
    this.scriptFault = true;
    this.changed();
  }

  private changed(): void {
    this.version += 1;
  }

  private opened(view: OpenedView): void {
    this.link.dropPending();
    this.details.startOver();
    this.opening.opened(view);
    this.views.opened(view.problemCount);
    if (view.header === null) return;
    const { active, rows } = this.model;
    const { selected, scrollTop } = this.state.current;
    const wasInSight = active !== null && active.index >= rows.inSight.first && active.index < rows.inSight.end;
    void this.model.open(active?.row.id ?? selected).then(() => {
      if (this.restored) {
        if (wasInSight) this.tree?.reveal();
        return;
      }
      this.restored = true;
      this.tree?.restoreScroll(scrollTop);
      this.changed();
    });
  }

  private rowSelected(active: ActiveRow | null, reveal: boolean): void {
    if (reveal) this.tree?.reveal();
    const rowId = active?.row.id ?? null;
    if (rowId !== this.state.current.selected) this.state.update((now) => ({ ...now, selected: rowId }));
    if (this.views.table === null) this.showDetail();
  }

  /** Shows the detail of what is selected in the view, and tells the host. */
  private showDetail(): void {
    const { table } = this.views;
    const rowId = table === null ? (this.model.active?.row.id ?? null) : table.selectedId;
    this.details.show(rowId);
    // Commands work on rows of the record: that is the row of the tree that a table's row belongs to, where there is one.
    const told = table?.selectedRow?.treeRow ?? rowId;
    if (told === this.toldSelected) return;
    this.toldSelected = told;
    this.link.selected(told);
  }

  private settle(focus: boolean): void {
    this.showDetail();
    void this.updateComplete.then(() => {
      if (this.views.view === "tree") this.tree?.reveal();
      if (focus) this.focusMain();
    });
  }

  /** The keyboard follows when it was in the view that went. */
  private fellBack(): void {
    const focused = document.activeElement;
    this.settle(focused === null || focused === document.body || this.tableView?.contains(focused) === true);
  }

  private focusMain(): void {
    if (this.views.view === "tree") this.tree?.focusActive();
    else if (this.views.view === "problems") this.querySelector<ProblemsList>("rr-problems")?.focusList();
    else this.tableView?.grid?.focusRow();
  }

  private announce(sentence: string): void {
    this.said = sentence;
    this.changed();
  }

  private get tree(): TreeGrid | null {
    return this.querySelector<TreeGrid>("rr-tree");
  }

  private get tableView(): TableView | null {
    return this.querySelector<TableView>("rr-table");
  }

  private get card(): HoverCard | null {
    return this.querySelector<HoverCard>("rr-card");
  }

  private readonly keyed = (event: KeyboardEvent): void => {
    if (!isWayBack(event) || this.preview.state !== null || !this.navigation.back()) return;
    event.preventDefault();
    event.stopPropagation();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("keydown", this.keyed);
    this.resize = new ResizeObserver(() => (this.room = this.clientWidth));
    this.resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener("keydown", this.keyed);
    this.resize?.disconnect();
  }

  protected override render(): TemplateResult {
    return html`${this.scriptFault ? scriptFaultTemplate(this.actions) : nothing}${this.phaseTemplate()}
      <div class="sr" role="status" aria-live="polite">${this.said}</div>`;
  }

  private phaseTemplate(): TemplateResult | typeof nothing {
    const { phase } = this.opening;
    if (phase.kind !== "opened") return beforeTemplate(phase, this.actions);
    return phase.view.header === null ? noRecordTemplate(phase.view, this.actions) : this.recordTemplate(phase.view);
  }

  private recordTemplate(opened: OpenedView): TemplateResult {
    const { actions, model, views, details, preview, version, room, dirty, restored, state } = this;
    return recordTemplate({
      ...{ opened, actions, model, views, details, preview, version, room, dirty, restored },
      detailWidth: state.current.detailWidth,
      backTo: this.navigation.backTo,
      onView: (view) => this.navigation.show(view, false),
      onWidth: (detailWidth) => {
        state.update((now) => ({ ...now, detailWidth }));
        this.changed();
      },
      onScrolled: (scrollTop) => state.update((now) => ({ ...now, scrollTop })),
      onCard: this.openCard,
      onCardLeft: () => this.card?.leave(),
      onLeaveRows: () => this.querySelector<DetailPane>("rr-detail")?.focusPane(),
    });
  }

  private readonly openCard: TreeGrid["onCard"] = (row, anchor, byKeyboard) => void this.card?.open(row, anchor, byKeyboard);

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (changed.has("version")) this.tree?.requestUpdate();
  }
}

customElements.define("rr-app", App);
