import type { RowWindow, TreeRow } from "../src/view/types.ts";
import { WindowStore } from "./WindowStore.ts";

/** The visible rows of the tree known so far, and the time axis they share. */
export class RowStore extends WindowStore<TreeRow, RowWindow> {
  get axis(): RowWindow["axis"] {
    return this.latest?.axis ?? null;
  }
}
