import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TableModel } from "../../../src/view/table/TableModel.ts";
import type { TableSpec } from "../../../src/view/table/TableSpec.ts";
import { tableText } from "../../../src/view/table/tableText.ts";
import { NO_QUERY, TABLE_WINDOW_LIMIT } from "../../../src/view/tables.ts";
import type { TableQuery } from "../../../src/view/tables.ts";

interface Row {
  readonly id: number;
  readonly level: 1 | 2;
  readonly name: string;
  readonly size: number | null;
  readonly kind: string | null;
}

const SPEC: TableSpec<Row> = {
  id: "files",
  columns: [
    {
      id: "name",
      title: "Name",
      align: "start",
      width: 10,
      grows: true,
      cell: ({ name }) => ({ text: name }),
      sortKey: ({ name }) => name,
    },
    { id: "size", title: "Size", align: "end", width: 5, cell: ({ size }) => ({ text: String(size ?? "–") }), sortKey: ({ size }) => size },
    { id: "kind", title: "Kind", align: "start", width: 5, cell: ({ kind }) => ({ text: kind ?? "" }) },
  ],
  filters: [{ id: "kind", title: "Kind", value: ({ kind }) => (kind === null ? null : { value: kind, label: kind.toUpperCase() }) }],
  row: ({ id, level, name }) => ({ id: `@${id}`, level, label: name, icon: "", treeRow: null, opens: false }),
  searchText: ({ name, kind }) => `${name} ${kind ?? ""}`,
};

/** Rows from short words: `name size kind`, indented for level 2; `-` is null. */
function rowsOf(...lines: readonly string[]): Row[] {
  return lines.map((line, id) => {
    const [name = "", size = "-", kind = "-"] = line.trim().split(" ");
    return { id, level: line.startsWith(" ") ? 2 : 1, name, size: size === "-" ? null : Number(size), kind: kind === "-" ? null : kind };
  });
}

function modelOf(rows: readonly Row[]): TableModel<Row> {
  const model = new TableModel(SPEC);
  model.set(rows);
  return model;
}

const query = (changes: Partial<TableQuery>): TableQuery => ({ ...NO_QUERY, ...changes });
const namesOf = (model: TableModel<Row>, changes: Partial<TableQuery>): string =>
  model
    .window(query(changes), 0, TABLE_WINDOW_LIMIT)
    .rows.map(({ label }) => label)
    .join(" ");

describe("TableModel", () => {
  const some = rowsOf("beta 2 x", " b1 9 y", "Alpha10 - x", "alpha9 10 y", " a1 1 x", " a2 - -", "gamma 2 -");

  it.each<[string, Partial<TableQuery>, string]>([
    ["nothing asked for", {}, "beta b1 Alpha10 alpha9 a1 a2 gamma"],
    ["one word, whatever its case", { text: "ALPHA" }, "Alpha10 alpha9 a1 a2"],
    ["several words, all of them, in any order", { text: "  x   alpha " }, "Alpha10"],
    ["a word of a row below: its head comes with it", { text: "A2" }, "alpha9 a2"],
    ["a filter", { filters: { kind: "x" } }, "beta b1 Alpha10 alpha9 a1"],
    ["an empty filter, and one there is not", { filters: { kind: "", other: "x" } }, "beta b1 Alpha10 alpha9 a1 a2 gamma"],
    ["a filter and words", { filters: { kind: "y" }, text: "alpha" }, "alpha9 a1 a2"],
    ["a value no row has", { filters: { kind: "z" } }, ""],
    [
      "order by text: numbers in it count as numbers",
      { sort: { column: "name", descending: false } },
      "alpha9 a1 a2 Alpha10 beta b1 gamma",
    ],
    ["the other way", { sort: { column: "name", descending: true } }, "gamma beta b1 Alpha10 alpha9 a1 a2"],
    [
      "order by number: unknown ones last, equal ones as they stood",
      { sort: { column: "size", descending: false } },
      "beta b1 gamma alpha9 a1 a2 Alpha10",
    ],
    ["unknown ones last the other way too", { sort: { column: "size", descending: true } }, "alpha9 a1 a2 beta b1 gamma Alpha10"],
    ["a column without an order", { sort: { column: "kind", descending: true } }, "beta b1 Alpha10 alpha9 a1 a2 gamma"],
    ["a column there is not", { sort: { column: "__proto__", descending: false } }, "beta b1 Alpha10 alpha9 a1 a2 gamma"],
    [
      "words, filter and order",
      { text: "a", filters: { kind: "x" }, sort: { column: "name", descending: false } },
      "alpha9 a1 Alpha10 beta b1",
    ],
  ])("finds and orders: %s", (_, changes, names) => {
    expect(namesOf(modelOf(some), changes)).toBe(names);
  });

  it.each([
    [0, 2, 0, 2],
    [6, 5, 6, 1],
    [99, 5, 7, 0],
    [-3, 2, 0, 2],
    [Number.NaN, Number.NaN, 0, 0],
    [2.9, 1.9, 2, 1],
    [0, -1, 0, 0],
    [0, 1e9, 0, 7],
  ])("moves the window [%d, +%d) into what there is", (start, count, from, rows) => {
    const window = modelOf(some).window(NO_QUERY, start, count);
    expect([window.start, window.rows.length, window.total, window.all]).toEqual([from, rows, 7, 7]);
  });

  it("sends no more rows at once than a window holds", () => {
    const many = Array.from({ length: TABLE_WINDOW_LIMIT + 5 }, (_, at) => `r${at}`);
    expect(modelOf(rowsOf(...many)).window(NO_QUERY, 0, 1e6).rows).toHaveLength(TABLE_WINDOW_LIMIT);
  });

  it("tells columns, and what filters can be set to: counted over all rows", () => {
    const window = modelOf(some).window(query({ text: "gamma" }), 0, 9);
    expect(window.columns.map(({ id, sortable, grows }) => [id, sortable, grows])).toEqual([
      ["name", true, true],
      ["size", true, undefined],
      ["kind", false, undefined],
    ]);
    const options = [
      { value: "x", label: "X", count: 3 },
      { value: "y", label: "Y", count: 2 },
    ];
    expect(window.filters).toEqual([{ id: "kind", title: "Kind", options }]);
    expect([window.total, window.all]).toEqual([1, 7]);
  });

  it("says where a row stands under a query, and knows it by its id", () => {
    const model = modelOf(some);
    const byName = query({ sort: { column: "name", descending: false } });
    expect([model.indexOf("@3", byName), model.indexOf("@3", query({ text: "beta" })), model.indexOf("@99", NO_QUERY)]).toEqual([
      0, -1, -1,
    ]);
    expect([model.find("@3")?.name, model.find("@99")]).toEqual(["alpha9", null]);
  });

  it("sees an array that only grew when it is given again", () => {
    const rows = rowsOf("one 1 x");
    const model = modelOf(rows);
    expect(namesOf(model, { text: "o" })).toBe("one");
    rows.push(...rowsOf("two 2 y"));
    model.set(rows);
    expect(namesOf(model, { text: "o" })).toBe("one two");
    expect(model.window(NO_QUERY, 0, 1).filters[0]?.options).toHaveLength(2);
  });

  it("copies what the query leaves", () => {
    expect(modelOf(some).text(query({ text: "b1" }), "tsv")).toEqual({
      text: "Name\tSize\tKind\nbeta\t2\tx\nb1\t9\ty\n",
      rows: 2,
      total: 2,
    });
  });

  it("shows every row that a plain search finds, once, heads before what is below them, unknown values last", () => {
    const row = fc.record({
      level: fc.constantFrom<1 | 2>(1, 2),
      name: fc.constantFrom("a", "b", "ab", "B"),
      size: fc.option(fc.nat(3), { nil: null }),
      kind: fc.option(fc.constantFrom("x", "y"), { nil: null }),
    });
    const asked = fc.record({ text: fc.constantFrom("", "a", "b a"), kind: fc.constantFrom("", "x"), descending: fc.boolean() });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), asked, (made, { text, kind, descending }) => {
        // A table begins with a row of level 1.
        const rows = made.map((each, id): Row => ({ ...each, id, level: id === 0 ? 1 : each.level }));
        const shown = modelOf(rows)
          .window(query({ text, filters: { kind }, sort: { column: "size", descending } }), 0, 99)
          .rows.map(({ id }) => rows[Number(id.slice(1))])
          .filter((each) => each !== undefined);
        expect(new Set(shown).size).toBe(shown.length);
        const headOf = ({ id }: Row): Row | undefined => rows.slice(0, id + 1).findLast(({ level }) => level === 1);
        const matches = (each: Row): boolean =>
          (kind === "" || each.kind === kind) && text.split(" ").every((word) => SPEC.searchText(each).toLowerCase().includes(word));
        for (const each of rows) {
          const head = headOf(each);
          const below = rows.filter((other) => headOf(other) === each);
          const isWanted = matches(each) || (head !== undefined && matches(head)) || (each.level === 1 && below.some(matches));
          expect(shown.includes(each)).toBe(isWanted);
        }
        let head: Row | undefined;
        for (const each of shown) {
          if (each.level === 1) head = each;
          else expect(headOf(each)).toBe(head);
        }
        const sizes = shown.filter(({ level }) => level === 1).map(({ size }) => size);
        const known = sizes.filter((size) => size !== null).sort((a, b) => (descending ? b - a : a - b));
        expect(sizes).toEqual([...known, ...sizes.filter((size) => size === null)]);
      }),
    );
  });
});

describe("tableText", () => {
  const text = (format: "tsv" | "markdown", limit: number, ...rows: readonly (readonly string[])[]): ReturnType<typeof tableText> =>
    tableText(["A", "B"], rows.length, (at) => rows[at] ?? [], format, limit);

  it.each([
    ["a cell that would be two, or a row", ["a\tb", "c\r\nd"], "a b\tc d"],
    ["a formula", ["=1+1", '=HYPERLINK("http://x")'], "'=1+1\t'=HYPERLINK(\"http://x\")"],
    ["other beginnings of formulas", ["@SUM(A1)", "+cmd|' /C calc'!A0"], "'@SUM(A1)\t'+cmd|' /C calc'!A0"],
    ["a number, also with its unit", ["-12.5", "+3 ms"], "-12.5\t+3 ms"],
    ["a minus that is no number", ["-x", "- 1"], "'-x\t'- 1"],
    ["what is unknown", ["–", ""], "–\t"],
  ])("pastes as cells of a sheet: %s", (_, cells, line) => {
    expect(text("tsv", 1000, cells).text).toBe(`A\tB\n${line}\n`);
  });

  it.each([
    ["what would end a cell", ["a|b", "c\\|d"], "a\\|b | c\\\\\\|d"],
    ["markup", ["<img src=x>", "[a](b)"], "\\<img src=x\\> | \\[a\\](b)"],
    ["line ends", ["a\nb", "`code`"], "a b | \\`code\\`"],
  ])("pastes as a Markdown table: %s", (_, cells, line) => {
    expect(text("markdown", 1000, cells).text).toBe(`| A | B |\n| --- | --- |\n| ${line} |\n`);
  });

  it("ends with the last whole row that fits", () => {
    expect(text("tsv", 13, ["1", "2"], ["3", "4"], ["5", "6"])).toEqual({ text: "A\tB\n1\t2\n3\t4\n", rows: 2 });
    expect(text("tsv", 3, ["1", "2"])).toEqual({ text: "A\tB\n", rows: 0 });
  });
});
