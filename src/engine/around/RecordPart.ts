import { NOTHING_AROUND } from "../../view/aroundRows.ts";
import { childCard } from "../../view/childCard.ts";
import { childFacts } from "../../view/childFacts.ts";
import { childEntries } from "../../view/children/childEntries.ts";
import type { ChildEntry } from "../../view/children/childEntries.ts";
import { CHILDREN_TABLE, childrenAlert, childrenSummary } from "../../view/children/childrenTable.ts";
import { compactionEntries } from "../../view/compactions/compactionEntries.ts";
import type { CompactionEntry } from "../../view/compactions/compactionEntries.ts";
import { COMPACTIONS_TABLE, compactionsSummary } from "../../view/compactions/compactionsTable.ts";
import { handoffEntries } from "../../view/handoffs/handoffEntries.ts";
import type { HandoffEntry } from "../../view/handoffs/handoffEntries.ts";
import { HANDOFFS_TABLE, handoffsSummary } from "../../view/handoffs/handoffsTable.ts";
import type { RowSource } from "../../view/rows/RowSource.ts";
import { rowDetail } from "../../view/rowDetail.ts";
import type { TableSpec } from "../../view/table/TableSpec.ts";
import type { OpenRequest, TableWindow } from "../../view/tables.ts";
import { toolEntries, toolEntryCount } from "../../view/tools/toolEntries.ts";
import type { ToolEntry } from "../../view/tools/toolEntries.ts";
import { TOOLS_TABLE, toolsSummary } from "../../view/tools/toolsTable.ts";
import type { ChildCard, DetailSection } from "../../view/types.ts";
import { childFileFacts } from "../childFileFacts.ts";
import type { DocumentState } from "../DocumentState.ts";
import { describeCause } from "../EngineFault.ts";
import type { AroundDetail, AroundPart, TreeContext } from "./AroundPart.ts";
import { ModelTable } from "./ModelTable.ts";

/** So long (milliseconds) rows are gathered before others get their turn. */
const SLICE_MS = 15;

/** While many rows are gathered, they are shown when there are so many times as many: each time they are ordered and counted anew. */
const GROWTH = 1.5;

/** What the rows of these tables have in common. */
interface Entry {
  readonly id: string;
  readonly treeRow: string;
}

/** The rows of one table while they are gathered. */
interface Gathering {
  /** Takes the next row; false when there are no more. */
  next(): boolean;
  readonly count: number;
  show(): void;
}

/**
 * What the record itself says of compactions, child runs, handoffs and tool calls, as tables. No file is read. Rows are gathered in the
 * background, a little at a time, and anew with each change of the record.
 */
export class RecordPart implements AroundPart {
  readonly tables: readonly [ModelTable<CompactionEntry>, ModelTable<ChildEntry>, ModelTable<HandoffEntry>, ModelTable<ToolEntry>];
  readonly rows = NOTHING_AROUND;
  readonly openRequests: readonly OpenRequest[] = [];
  readonly #context: TreeContext;
  /** The record that rows are or were gathered from; null before the first look. */
  #gathered: DocumentState | null = null;
  /** How far the tool calls are, which can be many; null when all are there. */
  #progress: TableWindow["progress"] = null;

  constructor(context: TreeContext) {
    this.#context = context;
    this.tables = [
      this.#table(COMPACTIONS_TABLE, compactionsSummary),
      new ModelTable(CHILDREN_TABLE, {
        ...this.#frame(childrenSummary),
        alert: childrenAlert,
        filePath: ({ runPath }) => this.#context.ports.resolveStoredPath(runPath ?? "", this.#context.place),
      }),
      this.#table(HANDOFFS_TABLE, handoffsSummary),
      new ModelTable(TOOLS_TABLE, { ...this.#frame(toolsSummary), progress: () => this.#progress }),
    ];
  }

  look(): Promise<void> {
    if (this.#gathered !== this.#context.state) this.#start();
    return Promise.resolve();
  }

  recordChanged(): void {
    // Before the first look nobody has asked for anything.
    if (this.#gathered !== null) this.#start();
  }

  logChanged(): void {
    // Nothing here comes from the log.
  }

  treeSections(): readonly DetailSection[] {
    return [];
  }

  #table<Facts extends Entry>(spec: TableSpec<Facts>, summary: (facts: readonly Facts[]) => string): ModelTable<Facts> {
    return new ModelTable(spec, this.#frame(summary));
  }

  #frame<Facts extends Entry>(summary: (facts: readonly Facts[]) => string) {
    return {
      summary,
      sources: () => [],
      faults: () => [],
      progress: () => null,
      alert: (): string | null => null,
      detail: (facts: Facts) => this.#detail(facts),
    };
  }

  /** The first rows are there when this returns; those of most records are all there. */
  #start(): void {
    const { state, ports } = this.#context;
    this.#gathered = state;
    void this.#gather(state).catch((cause: unknown) => {
      if (this.#gathered === state) this.#progress = null;
      if (!this.#context.signal.aborted) ports.log("error", `What the record says could not be put into tables: ${describeCause(cause)}`);
    });
  }

  async #gather(state: DocumentState): Promise<void> {
    const { ports, signal, stages } = this.#context;
    const { tree } = state;
    const tools = toolEntryCount(tree);
    const gatherings = [
      gathering(this.tables[0], compactionEntries(tree, stages)),
      gathering(this.tables[1], childEntries(tree, stages)),
      gathering(this.tables[2], handoffEntries(tree)),
      gathering(this.tables[3], toolEntries(tree, stages)),
    ];
    // Rows of the record as it was lead nowhere any more.
    for (const each of gatherings) each.show();
    let since = ports.monotonicMs();
    this.#progress = { done: 0, total: tools };
    for (const each of gatherings) {
      let showAt = 1;
      while (each.next()) {
        if (ports.monotonicMs() - since < SLICE_MS) continue;
        if (each.count >= showAt) {
          each.show();
          showAt = each.count * GROWTH;
          this.#progress = { done: Math.min(this.tables[3].facts.length, tools), total: tools };
          this.#context.changed("table");
        }
        await ports.pause();
        if (signal.aborted || this.#gathered !== state) return;
        since = ports.monotonicMs();
      }
      each.show();
    }
    this.#progress = null;
    this.#context.changed("table");
  }

  /** What the tree says of the row, under the row's id in its table: its long texts are of the record's own text. */
  async #detail({ id, treeRow }: Entry): Promise<AroundDetail | null> {
    const { tree, tape } = this.#context.state;
    const source = tree.find(treeRow)?.source;
    const detail = rowDetail(tree, treeRow, await this.#card(source));
    if (detail === null || source === undefined) return null;
    const sections = [...detail.sections, ...this.#context.treeSections(source)];
    return { detail: { ...detail, rowId: id, sections }, tapes: [tape] };
  }

  async #card(source: RowSource | undefined): Promise<ChildCard | null> {
    const { place, ports } = this.#context;
    if (source?.kind !== "childRun") return null;
    const facts = childFacts(source.child);
    return childCard(facts, await childFileFacts(facts.runPath, place, ports));
  }
}

function gathering<Facts>(table: ModelTable<Facts>, entries: Generator<Facts, void, undefined>): Gathering {
  const rows: Facts[] = [];
  return {
    next() {
      const step = entries.next();
      if (step.done === true) return false;
      rows.push(step.value);
      return true;
    },
    get count() {
      return rows.length;
    },
    show: () => table.set(rows),
  };
}
