import type { TableColumn } from "../src/view/tables.ts";

/** Room for the icon and the indent of the first column, for a tone's icon, for a cell's paddings, for a row's buttons, in CSS pixels. */
const iconRoom = 42;
const toneRoom = 20;
const cellPadding = 16;
const buttonRoom = 64;
/** Width of a usual character in a zero's. */
const usualCharacter = 0.9;
/** Columns wider than this, in characters, give way before the table is scrolled sideways: down to this share of their width. */
const narrow = 12;
const leastShare = 0.5;
/** The one that grows says most: it gives way less. */
const growingShare = 0.65;

/** What was seen in a table's columns, by their index, that needs room. */
export interface SeenInColumns {
  /** Columns with icons of tones. */
  readonly toned: ReadonlySet<number>;
  /** Columns of times: characters of the longest one. A time that is cut says nothing, so that these are as wide as it, whatever is asked for. */
  readonly times: ReadonlyMap<number, number>;
}

/**
 * Tracks of a table's grid, and its least width, as CSS: each column as wide as asked for where there is room, what is left goes to the one
 * that grows (the last, where none does).
 */
export function columnWidths(
  columns: readonly TableColumn[],
  { toned, times }: SeenInColumns,
): { readonly columns: string; readonly least: string } {
  const growing = columns.findIndex((column) => column.grows === true);
  const growsAt = growing < 0 ? columns.length - 1 : growing;
  const tracks = columns.map((column, at) => {
    const time = times.get(at);
    const width = time ?? column.width;
    // Digits are as wide as a zero.
    const characters = Math.min(Math.max(width, 2), 80) * (time === undefined ? usualCharacter : 1);
    const extra = cellPadding + (at === 0 ? iconRoom : 0) + (toned.has(at) ? toneRoom : 0);
    if (time !== undefined && at !== growsAt) return { least: track(characters, extra), whole: track(characters, extra) };
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
