import { listTopOf, scrollTopOf, type ListSpace } from "./virtualWindow.ts";

/** Where a virtual list is scrolled to: what its box says, and, for a place set by us, exactly. In CSS pixels. */
export class ListScroll {
  /** `scrollTop` of the box when it was last looked at. */
  scrollTop = 0;
  /** Exact place in the list for a `scrollTop` set by us: in very long lists one pixel of the scroll bar is many rows. */
  private exact: { readonly scrollTop: number; readonly listTop: number } | null = null;

  /** The place in the list at the top of the box. */
  listTop(space: ListSpace): number {
    return this.exact?.scrollTop === this.scrollTop ? this.exact.listTop : listTopOf(this.scrollTop, space);
  }

  /** Scrolls the box to a place in the list. Answers whether that is another place than before. */
  scrollTo(scroller: HTMLElement, listTop: number, space: ListSpace): boolean {
    if (listTop === this.listTop(space)) return false;
    scroller.scrollTop = scrollTopOf(listTop, space);
    this.scrollTop = scroller.scrollTop;
    this.exact = { scrollTop: this.scrollTop, listTop };
    return true;
  }

  /** Takes the box's place as it is now. Answers whether it moved since it was last looked at. */
  follow(scroller: HTMLElement): boolean {
    if (scroller.scrollTop === this.scrollTop) return false;
    this.scrollTop = scroller.scrollTop;
    return true;
  }

  /** Another list is shown in the same box: from its top. */
  reset(): void {
    this.exact = null;
  }
}
