import { LineIndex } from "../json/LineIndex.ts";
import { scan } from "../json/scan.ts";
import { readRecord } from "../record/readRecord.ts";
import { formatCost } from "../view/formatCost.ts";
import { formatDuration } from "../view/formatDuration.ts";
import { formatTokens } from "../view/formatTokens.ts";
import { openedView } from "../view/openedView.ts";
import { joinNotes, oneLine, plural, visibleText } from "../view/plainText.ts";
import { problemView } from "../view/problemView.ts";
import { RunTree } from "../view/RunTree.ts";
import type { RunNode } from "../view/RunTree.ts";
import type { OpenedView, RunHeader, StatusTone, TimeView, TreeRow } from "../view/types.ts";
import { EXIT } from "./CliHost.ts";
import type { CliHost, ExitCode } from "./CliHost.ts";
import { readFile } from "./files.ts";
import type { Options } from "./parseOptions.ts";

/** A sign for every tone, so that a status can be told without colour. */
const SIGNS: Readonly<Record<StatusTone, string>> = { success: "✓", failure: "✗", running: "▸", waiting: "…", warning: "!", neutral: "·" };
const LABEL_WIDTH = 56;
const LABEL_LIMIT = 110;

/** `show`: what the run is, how it ended, and its tree. Record text is printed without anything a terminal would obey. */
export async function show(options: Options, host: CliHost): Promise<ExitCode> {
  const [file = ""] = options.files;
  const tape = scan(await readFile(host.cwd, file));
  const reading = readRecord(tape);
  const tree = new RunTree(reading);
  const view = openedView(reading, tree, { fileName: file, revision: 1 });
  if (options.json) {
    const lines = new LineIndex(tape.bytes);
    const problems = reading.problems.map((problem) => problemView(problem, lines, tree));
    await host.print(`${JSON.stringify({ ...view, rows: [...allRows(tree)], problems }, null, 2)}\n`);
  } else if (view.header !== null) {
    await host.print(`${[...headerLines(view.header, view), "", ...[...allRows(tree)].map(rowLine)].join("\n")}\n`);
  }
  if (view.notice !== null) host.warn(`${file}: ${visibleText(view.notice)}`);
  return view.state === "record" ? EXIT.ok : view.state === "broken" ? EXIT.found : EXIT.failed;
}

function* allRows(tree: RunTree): Generator<TreeRow> {
  const stack: { node: RunNode; level: number }[] = tree.roots.map((node) => ({ node, level: 1 })).reverse();
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const { node, level } = at;
    yield tree.row(node, level, true);
    for (const child of [...tree.children(node)].reverse()) stack.push({ node: child, level: level + 1 });
  }
}

function headerLines(header: RunHeader, view: OpenedView): string[] {
  const tokens = header.tokensIn === null && header.tokensOut === null ? null : tokensText(header);
  const facts = [
    header.started === null ? null : `started ${timeText(header.started)}`,
    header.durationMs === null ? null : `took ${formatDuration(header.durationMs)}`,
    tokens,
    header.cost === null ? null : formatCost(header.cost.usd, header.cost.atLeast),
    header.modelCalls === null ? null : plural(header.modelCalls, "model call"),
  ];
  return [
    `${SIGNS[header.status.tone]} ${header.title} — ${oneLine(header.status.text, 80)}`,
    ...(header.runId === "" ? [] : [`  run ${oneLine(header.runId, 200)}`]),
    ...(header.parentRunId === null ? [] : [`  child of ${oneLine(header.parentRunId, 200)}`]),
    ...(header.task === "" ? [] : [`  ${oneLine(header.task, 200)}`]),
    ...(joinNotes(facts) === "" ? [] : [`  ${joinNotes(facts)}`]),
    ...(header.shape === "later" ? ["  written by a later runtime: its new parts are kept as they are"] : []),
    ...(view.problemCount === 0 ? [] : [`  ${plural(view.problemCount, "problem")}: see \`run-record check\``]),
  ];
}

function tokensText({ tokensIn, tokensOut }: RunHeader): string {
  return `${formatTokens(tokensIn ?? 0)} tokens in, ${formatTokens(tokensOut ?? 0)} out`;
}

function timeText({ text, epochMs }: TimeView): string {
  return epochMs === null ? oneLine(text, 60) : `${new Date(epochMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function rowLine(row: TreeRow): string {
  const sign = row.status === null ? " " : SIGNS[row.status.tone];
  const label = `${"  ".repeat(row.level - 1)}${sign} ${oneLine(joinNotes([row.label, row.note]), LABEL_LIMIT)}`;
  const facts = [
    row.status === null || row.status.tone === "success" ? null : oneLine(row.status.text, 60),
    row.durationMs === null ? null : formatDuration(row.durationMs),
    row.tokens === null ? null : formatTokens(row.tokens),
    row.cost === null ? null : formatCost(row.cost.usd, row.cost.atLeast),
    row.problems === 0 ? null : plural(row.problems, "problem"),
  ];
  const notes = joinNotes(facts);
  return notes === "" ? label : `${label.padEnd(LABEL_WIDTH)}  ${notes}`;
}
