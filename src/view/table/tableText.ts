/** Rows as text to paste elsewhere. */

/**
 * @param cells the texts of a row, by its place
 * @param limit most UTF-16 units; the text ends with the last whole row that fits
 */
export function tableText(
  titles: readonly string[],
  total: number,
  cells: (index: number) => readonly string[],
  format: "tsv" | "markdown",
  limit: number,
): { readonly text: string; readonly rows: number } {
  const line = format === "tsv" ? tsvLine : markdownLine;
  const head = format === "tsv" ? line(titles) : line(titles) + markdownLine(titles.map(() => "---"));
  const parts = [head];
  let length = head.length;
  let rows = 0;
  for (; rows < total; rows++) {
    const next = line(cells(rows));
    if (length + next.length > limit) break;
    parts.push(next);
    length += next.length;
  }
  return { text: parts.join(""), rows };
}

/** Tabs and line ends would begin a cell or a row of their own. A text a spreadsheet would run as a formula is marked as text. */
function tsvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/^[=+\-@]/.test(cell) && cell !== "–" && !/^[+-]?[\d.,]+\D{0,4}$/.test(cell) ? `'${cell}` : cell).replace(/[\t\r\n]+/g, " ")).join("\t")}\n`;
}

function markdownLine(cells: readonly string[]): string {
  const escaped = cells.map((cell) => cell.replace(/[\r\n]+/g, " ").replace(/[\\|`*_[\]<>#~!]/g, "\\$&"));
  return `| ${escaped.join(" | ")} |\n`;
}
