import type { TableColumn } from "../src/view/tables.ts";

/** Room for the icon and the indent of the first column, for a tone's icon, for a cell's paddings, for a row's buttons, in CSS pixels. */
const iconRoom = 42;
const toneRoom = 20;
const cellPadding = 16;
const buttonRoom = 64;
/** Width of a usual character in a zero's. */
const usualCharacter = 0.9;
/** Columns wider than this, in characters, give way before the table is scrolled sideways: down to this share of their width. */
const narrow = 14;
const leastShare = 0.6;
/** The one that grows says most: it gives way less. */
const growingShare = 0.85;

/**
 * Tracks of a table's grid, and its least width, as CSS: each column as wide as asked for where there is room, what is left goes to the one
 * that grows (the last, where none does). `toned`: the columns with icons of tones.
 */
export function columnWidths(
  columns: readonly TableColumn[],
  toned: ReadonlySet<number>,
): { readonly columns: string; readonly least: string } {
  const growing = columns.findIndex((column) => column.grows === true);
  const growsAt = growing < 0 ? columns.length - 1 : growing;
  const tracks = columns.map(({ width }, at) => {
    const characters = Math.min(Math.max(width, 2), 80) * usualCharacter;
    const extra = cellPadding + (at === 0 ? iconRoom : 0) + (toned.has(at) ? toneRoom : 0);
    const least = track(width > narrow ? Math.max(narrow, characters * (at === growsAt ? growingShare : leastShare)) : characters, extra);
    return { least, whole: `minmax(${least}, ${at === growsAt ? "1fr" : track(characters, extra)})` };
  });
  const buttons = `${buttonRoom}px`;
  return {
    columns: [...tracks.map(({ whole }) => whole), buttons].join(" "),
    least: `calc(${[...tracks.map(({ least }) => least), buttons].join(" + ")})`,
  };
}

function track(characters: number, extra: number): string {
  return `calc(${characters.toFixed(2)}ch + ${extra}px)`;
}
