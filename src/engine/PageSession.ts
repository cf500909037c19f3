import { LineIndex } from "../json/LineIndex.ts";
import { ROW_WINDOW_LIMIT, TEXT_SLICE_LIMIT } from "../protocol/page.ts";
import type { PageAnswers, PageRequest, PageState } from "../protocol/page.ts";
import { childCard } from "../view/childCard.ts";
import type { ChildFileFacts } from "../view/childCard.ts";
import { childFacts } from "../view/childFacts.ts";
import { problemView } from "../view/problemView.ts";
import { rowDetail } from "../view/rowDetail.ts";
import type { RunTree } from "../view/RunTree.ts";
import { readTextRef } from "../view/textRef.ts";
import type { ChildCard, RowDetail } from "../view/types.ts";
import type { Around } from "./around/Around.ts";
import { PageSessionRows } from "./PageSessionRows.ts";
import { PageSessionTexts } from "./PageSessionTexts.ts";

/** What a page's session needs from around it. */
export interface PageSessionPorts {
  /** Whether the file a child run names is there; `null` when it names none. */
  fileOf(runPath: string | null): Promise<ChildFileFacts>;
  readonly around: Pick<Around, "answer" | "detail" | "detailShown" | "treeSections">;
}

/** Most problems in one answer. */
const PROBLEM_LIMIT = 500;

/** One page on one revision of a document: its open rows, and the answer to everything it asks. */
export class PageSession {
  readonly #tree: RunTree;
  readonly #ports: PageSessionPorts;
  readonly #rows: PageSessionRows;
  readonly #texts: PageSessionTexts;
  #lines: LineIndex | undefined;

  /** @param state what the page remembered; rows that are no more are forgotten */
  constructor(tree: RunTree, state: Pick<PageState, "expanded" | "collapsed"> | null, ports: PageSessionPorts, lines?: LineIndex) {
    this.#tree = tree;
    this.#ports = ports;
    this.#lines = lines;
    this.#texts = new PageSessionTexts(tree.tape);
    const toggled = new Map<string, boolean>();
    for (const id of state?.expanded ?? []) toggled.set(id, true);
    for (const id of state?.collapsed ?? []) toggled.set(id, false);
    this.#rows = new PageSessionRows(tree, toggled);
  }

  /** The rows the reader opened and closed: what the session of the document's next revision begins with. */
  get toggled(): Pick<PageState, "expanded" | "collapsed"> {
    const rows = [...this.#rows.toggled];
    const idsOf = (open: boolean): string[] => rows.filter(([, expanded]) => expanded === open).map(([id]) => id);
    return { expanded: idsOf(true), collapsed: idsOf(false) };
  }

  /** Answers a request of the page. Requests that name what is not there get the answer the protocol has for that; none is refused. */
  async answer<R extends PageRequest>(request: R): Promise<PageAnswers[R["kind"]]>;
  async answer(request: PageRequest): Promise<PageAnswers[PageRequest["kind"]]> {
    switch (request.kind) {
      case "rows":
        return this.#rows.window(request.start, Math.min(request.count, ROW_WINDOW_LIMIT));
      case "expand":
        this.#rows.toggle(request.rowId, request.expanded, request.siblings);
        return { total: this.#rows.total };
      case "locate":
        return this.#rows.locate(request.rowId);
      case "typeahead":
        return this.#rows.typeahead(request.prefix, request.from);
      case "detail":
        return this.#detail(request.rowId);
      case "card":
        return this.#card(request.rowId);
      case "text":
        return this.#text(request);
      case "problems":
        return this.#problems(request.start, Math.min(request.count, PROBLEM_LIMIT));
      case "table":
      case "tableLocate":
      case "tableText":
        return this.#ports.around.answer(request);
    }
  }

  /** Rows came to the tree from outside of the record, or went. */
  aroundChanged(): void {
    this.#rows.refresh();
  }

  /** Of a row of the tree, or of a table: their ids begin with `@`, also where such a row stands in the tree. */
  async #detail(rowId: string): Promise<RowDetail | null> {
    const aroundId = aroundRowId(rowId);
    if (aroundId !== null) {
      const found = await this.#ports.around.detail(aroundId);
      return found === null ? null : { ...found.detail, rowId };
    }
    const detail = rowDetail(this.#tree, rowId, await this.#card(rowId));
    const source = this.#tree.find(rowId)?.source;
    if (detail === null || source === undefined) return detail;
    return { ...detail, sections: [...detail.sections, ...this.#ports.around.treeSections(source)] };
  }

  async #text({ rowId, ref, format, start, length }: Extract<PageRequest, { kind: "text" }>): Promise<PageAnswers["text"]> {
    const limit = Math.min(length, TEXT_SLICE_LIMIT);
    const aroundId = aroundRowId(rowId);
    if (aroundId === null) return this.#texts.slice(ref, format, start, limit);
    const { tape, node } = readTextRef(ref);
    const text = (await this.#ports.around.detailShown(aroundId))?.tapes[tape];
    return text === undefined ? { start: 0, text: "", length: 0 } : new PageSessionTexts(text).slice(node, format, start, limit);
  }

  async #card(rowId: string): Promise<ChildCard | null> {
    const source = this.#tree.find(rowId)?.source;
    if (source?.kind !== "childRun") return null;
    const facts = childFacts(source.child);
    return childCard(facts, await this.#ports.fileOf(facts.runPath));
  }

  #problems(start: number, count: number): PageAnswers["problems"] {
    const { problems, tape } = this.#tree.reading;
    const from = Math.max(0, Math.min(Math.trunc(start) || 0, problems.length));
    const lines = (this.#lines ??= new LineIndex(tape.bytes));
    return {
      start: from,
      total: problems.length,
      problems: problems.slice(from, from + Math.max(0, Math.trunc(count) || 0)).map((problem) => problemView(problem, lines, this.#tree)),
    };
  }
}

/** The id a row has in its table, where it is a row of a table; also below a stage, as in `stage:3/@turn:12`. */
function aroundRowId(rowId: string): string | null {
  const at = rowId.startsWith("@") ? 0 : rowId.indexOf("/@") + 1;
  return at === 0 && !rowId.startsWith("@") ? null : rowId.slice(at);
}
