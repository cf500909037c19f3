import type { TableColumn } from "../src/view/tables.ts";

/** Room for the icon and the indent of the first column, for a tone's icon, for a cell's paddings, for a row's buttons, in CSS pixels. */
const iconRoom = 42;
const toneRoom = 20;
const cellPadding = 16;
const buttonRoom = 64;
/** Width of a usual character in a zero's. */
const usualCharacter = 0.9;

/**
 * Tracks of a table's grid, and its least width, as CSS: each column as wide as asked for, what is left goes to the one that grows (the
 * last, where none does). `toned`: the columns with icons of tones.
 */
export function columnWidths(
  columns: readonly TableColumn[],
  toned: ReadonlySet<number>,
): { readonly columns: string; readonly least: string } {
  const growing = columns.findIndex((column) => column.grows === true);
  const growsAt = growing < 0 ? columns.length - 1 : growing;
  const widths = columns.map(
    ({ width }, at) =>
      `calc(${(Math.min(Math.max(width, 2), 80) * usualCharacter).toFixed(2)}ch + ${cellPadding + (at === 0 ? iconRoom : 0) + (toned.has(at) ? toneRoom : 0)}px)`,
  );
  const tracks = widths.map((width, at) => (at === growsAt ? `minmax(${width}, 1fr)` : width));
  return { columns: [...tracks, `${buttonRoom}px`].join(" "), least: `calc(${[...widths, `${buttonRoom}px`].join(" + ")})` };
}
