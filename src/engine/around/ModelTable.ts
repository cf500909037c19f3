import type { ResolvedPath } from "../../protocol/engine.ts";
import { TableModel } from "../../view/table/TableModel.ts";
import type { TableSpec } from "../../view/table/TableSpec.ts";
import type { SourceNote, TableId, TableQuery, TableTab, TableWindow } from "../../view/tables.ts";
import type { AroundDetail, AroundTable } from "./AroundPart.ts";

/** What a table says of itself beside its rows. Asked for with every window. */
export interface TableFrame<Facts> {
  summary(facts: readonly Facts[]): string;
  sources(): readonly SourceNote[];
  faults(): readonly string[];
  progress(): TableWindow["progress"];
  /** What of it needs somebody; null for nothing. */
  alert(facts: readonly Facts[]): string | null;
  detail(facts: Facts): Promise<AroundDetail | null>;
  filePath?(facts: Facts): Promise<ResolvedPath | null>;
}

/** A table whose rows are held as facts. */
export class ModelTable<Facts> implements AroundTable {
  readonly #model: TableModel<Facts>;
  readonly #frame: TableFrame<Facts>;
  #known = false;

  constructor(spec: TableSpec<Facts>, frame: TableFrame<Facts>) {
    this.#model = new TableModel(spec);
    this.#frame = frame;
  }

  get id(): TableId {
    return this.#model.spec.id;
  }

  get facts(): readonly Facts[] {
    return this.#model.facts;
  }

  /** The rows there are now. An array that only grew may be given again. */
  set(facts: readonly Facts[]): void {
    this.#model.set(facts);
    this.#known = true;
  }

  get tab(): TableTab | null {
    if (!this.#known) return null;
    const isWorthNaming = this.#frame.sources().some(({ state }) => state === "unreadable" || state === "outside" || state === "empty");
    if (this.#model.size === 0 && !isWorthNaming && this.#frame.faults().length === 0) return null;
    return { id: this.id, count: this.#model.size, alert: this.#frame.alert(this.#model.facts) };
  }

  window(query: TableQuery, start: number, count: number): TableWindow {
    return {
      ...this.#model.window(query, start, count),
      summary: this.#frame.summary(this.#model.facts),
      sources: this.#frame.sources(),
      faults: this.#frame.faults(),
      progress: this.#frame.progress(),
    };
  }

  locate(query: TableQuery, rowId: string): number {
    return this.#model.indexOf(rowId, query);
  }

  text(query: TableQuery, format: "tsv" | "markdown"): ReturnType<AroundTable["text"]> {
    return this.#model.text(query, format);
  }

  async detail(rowId: string): Promise<AroundDetail | null> {
    const facts = this.#model.find(rowId);
    return facts === null ? null : this.#frame.detail(facts);
  }

  async filePath(rowId: string): Promise<ResolvedPath | null> {
    const facts = this.#model.find(rowId);
    return facts === null ? null : ((await this.#frame.filePath?.(facts)) ?? null);
  }
}
