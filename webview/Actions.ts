import type { PageAction, PageAnswers, PageRequest } from "../src/protocol/page.ts";
import type { TableId } from "../src/view/tables.ts";
import type { LinkTarget } from "../src/view/types.ts";
import type { Reply } from "./HostLink.ts";

/** What the parts of the page can have done by others. */
export interface Actions {
  /** Has the host do something. */
  post(action: PageAction): void;
  request<R extends PageRequest>(request: R): Promise<Reply<PageAnswers[R["kind"]]>>;
  /** Selects a row of the tree by id. */
  select(rowId: string): void;
  /** The same, with the tree shown instead of a table. */
  goToRow(rowId: string): void;
  /** Shows a table with one of its rows selected. */
  goToTableRow(table: TableId, rowId: string): void;
  /** Goes back to where the last jump from one view to another began. */
  back(): void;
  /** Puts the keyboard back on the selected row. */
  focusTree(): void;
  showProblems(): void;
  showTree(): void;
  /** Says something to people who listen instead of look. */
  announce(sentence: string): void;
}

/** Stands in until the page hands the real ones over. */
export const noActions: Actions = {
  post: () => undefined,
  request: () => Promise.resolve({ kind: "stale" }),
  select: () => undefined,
  goToRow: () => undefined,
  goToTableRow: () => undefined,
  back: () => undefined,
  focusTree: () => undefined,
  showProblems: () => undefined,
  showTree: () => undefined,
  announce: () => undefined,
};

/** Goes where a link leads. Whatever leaves the page is checked by the host. */
export function follow(link: LinkTarget, actions: Actions): void {
  switch (link.kind) {
    case "row":
      actions.goToRow(link.rowId);
      return;
    case "tableRow":
      actions.goToTableRow(link.table, link.rowId);
      return;
    case "childRecord":
      actions.post({ kind: "openChildRecord", rowId: link.rowId });
      return;
    case "parentRecord":
      actions.post({ kind: "openRun", runId: link.runId });
      return;
    case "storedPath":
      actions.post({ kind: "openStoredPath", path: link.path });
      return;
    case "jsonOffset":
      actions.post({ kind: "openAsText", offset: link.offset });
      return;
  }
}
