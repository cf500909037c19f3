import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  boxHeight,
  listTopOf,
  listTopShowing,
  MAX_SCROLL_HEIGHT,
  pageStep,
  rowsToDraw,
  rowTop,
  scrollTopOf,
  type ListSpace,
} from "../../../webview/virtualWindow.ts";

const small: ListSpace = { total: 100, rowHeight: 22, viewport: 220 };
const huge: ListSpace = { total: 5_000_000, rowHeight: 22, viewport: 800 };
const spaces = fc.record({
  total: fc.integer({ min: 1, max: 20_000_000 }),
  rowHeight: fc.constant(22),
  viewport: fc.integer({ min: 22, max: 3000 }),
});

describe("rows in sight", () => {
  it("draws what can be seen and a little more", () => {
    expect(rowsToDraw(0, small, 2)).toEqual({ first: 0, end: 12 });
    expect(rowsToDraw(220, small, 2)).toEqual({ first: 8, end: 22 });
    expect(rowsToDraw(230, small, 0)).toEqual({ first: 10, end: 21 });
    expect(rowsToDraw(1980, small, 5)).toEqual({ first: 85, end: 100 });
  });

  it("draws nothing of an empty list", () => {
    expect(rowsToDraw(0, { ...small, total: 0 }, 3)).toEqual({ first: 0, end: 0 });
  });

  it("scrolls no further than needed to show a row", () => {
    expect(listTopShowing(3, 220, small)).toBe(66);
    expect(listTopShowing(12, 220, small)).toBe(220);
    expect(listTopShowing(20, 220, small)).toBe(242);
  });

  it("pages by what fits, less one row", () => {
    expect(pageStep(small)).toBe(9);
    expect(pageStep({ ...small, viewport: 10 })).toBe(1);
  });
});

describe("lists higher than a browser can lay out", () => {
  it("keeps the box within the limit and its ends on the list's ends", () => {
    expect(boxHeight(huge)).toBe(MAX_SCROLL_HEIGHT);
    expect(listTopOf(0, huge)).toBe(0);
    expect(listTopOf(MAX_SCROLL_HEIGHT - huge.viewport, huge)).toBeCloseTo(huge.total * 22 - huge.viewport, 3);
  });

  it("is the same place to and fro", () => {
    fc.assert(
      fc.property(spaces, fc.double({ min: 0, max: 1, noNaN: true }), (space, share) => {
        const top = share * Math.max(0, space.total * space.rowHeight - space.viewport);
        expect(Math.abs(listTopOf(scrollTopOf(top, space), space) - top)).toBeLessThan(0.01);
      }),
    );
  });

  it("places every row in sight inside the viewport, and every row inside the box", () => {
    fc.assert(
      fc.property(spaces, fc.double({ min: 0, max: 1, noNaN: true }), (space, share) => {
        const listTop = share * Math.max(0, space.total * space.rowHeight - space.viewport);
        const scrollTop = scrollTopOf(listTop, space);
        const { first, end } = rowsToDraw(listTop, space, 0);
        for (const index of [first, end - 1]) {
          const top = rowTop(index, listTop, scrollTop, space);
          expect(top).toBeGreaterThan(scrollTop - space.rowHeight - 0.01);
          expect(top).toBeLessThan(scrollTop + space.viewport + 0.01);
        }
        for (const index of [0, space.total - 1]) {
          const top = rowTop(index, listTop, scrollTop, space);
          expect(top).toBeGreaterThanOrEqual(-space.rowHeight);
          expect(top + space.rowHeight).toBeLessThanOrEqual(Math.max(boxHeight(space), space.rowHeight) + 0.01);
        }
      }),
    );
  });
});
