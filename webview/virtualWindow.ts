/**
 * Arithmetic of a list that draws only the rows in sight. All heights are CSS pixels.
 *
 * Browsers cannot lay out boxes of unlimited height, so the scrolled box is at most {@link MAX_SCROLL_HEIGHT} high. Below that limit
 * `scrollTop` is the place in the list; above it the two are proportional, and rows are placed relative to `scrollTop`.
 */
export const MAX_SCROLL_HEIGHT = 8_000_000;

export interface ListSpace {
  readonly total: number;
  readonly rowHeight: number;
  /** Height in which rows can be seen, headers not counted. */
  readonly viewport: number;
}

/** Rows `first` up to, not including, `end`. */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

/** Height of the scrolled box. */
export function boxHeight(space: ListSpace): number {
  return Math.min(space.total * space.rowHeight, MAX_SCROLL_HEIGHT);
}

/** Place in the list (pixels from the first row's top) that is at the top of the viewport when the box is scrolled to `scrollTop`. */
export function listTopOf(scrollTop: number, space: ListSpace): number {
  const listReach = space.total * space.rowHeight - space.viewport;
  const boxReach = boxHeight(space) - space.viewport;
  if (listReach <= 0 || boxReach <= 0) return 0;
  const clamped = Math.min(Math.max(scrollTop, 0), boxReach);
  return listReach === boxReach ? clamped : (clamped / boxReach) * listReach;
}

/** The inverse of {@link listTopOf}. */
export function scrollTopOf(listTop: number, space: ListSpace): number {
  const listReach = space.total * space.rowHeight - space.viewport;
  const boxReach = boxHeight(space) - space.viewport;
  if (listReach <= 0 || boxReach <= 0) return 0;
  const clamped = Math.min(Math.max(listTop, 0), listReach);
  return listReach === boxReach ? clamped : (clamped / listReach) * boxReach;
}

/** Rows to draw: those that can be seen, and `overscan` more on both sides. */
export function rowsToDraw(listTop: number, space: ListSpace, overscan: number): RowRange {
  const first = Math.floor(listTop / space.rowHeight) - overscan;
  const end = Math.ceil((listTop + space.viewport) / space.rowHeight) + overscan;
  return { first: Math.min(Math.max(first, 0), space.total), end: Math.max(0, Math.min(end, space.total)) };
}

/** Where a row is placed inside the scrolled box. A row far out of sight is kept just outside, so that the box does not grow. */
export function rowTop(index: number, listTop: number, scrollTop: number, space: ListSpace): number {
  const top = index * space.rowHeight - listTop + scrollTop;
  return Math.min(Math.max(top, -space.rowHeight), Math.max(0, boxHeight(space) - space.rowHeight));
}

/** Where to scroll so that a row is whole in sight, as little as possible; the given place when it is already. */
export function listTopShowing(index: number, listTop: number, space: ListSpace): number {
  const top = index * space.rowHeight;
  if (top < listTop) return top;
  if (top + space.rowHeight > listTop + space.viewport) return Math.max(0, top + space.rowHeight - space.viewport);
  return listTop;
}

/** Whole rows that fit the viewport, at least one: the step of Page Up and Page Down. */
export function pageStep(space: ListSpace): number {
  return Math.max(1, Math.floor(space.viewport / space.rowHeight) - 1);
}
