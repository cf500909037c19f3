import type { LineIndex } from "../json/LineIndex.ts";
import type { Problem } from "../record/Problem.ts";
import { oneLine } from "./plainText.ts";
import { shortPath } from "./shortPath.ts";
import type { RunTree } from "./RunTree.ts";
import type { ProblemView } from "./types.ts";

/** Most UTF-16 units of a message, which may quote a value. */
const MESSAGE_LIMIT = 600;

/** A problem with its line and column, and the row it lies in; `tree` is null for files that are no record. */
export function problemView(problem: Problem, lines: Pick<LineIndex, "positionAt">, tree: RunTree | null): ProblemView {
  const { line, column } = lines.positionAt(problem.start);
  return {
    severity: problem.severity,
    code: problem.code,
    message: oneLine(problem.message, MESSAGE_LIMIT),
    path: shortPath(problem.path),
    offset: problem.start,
    line,
    column,
    rowId: tree?.at(problem.start)?.id ?? null,
  };
}

const ORDER: readonly ProblemView["severity"][] = ["error", "warning", "info"];

/** The most severe of the problems, null when there is none. */
export function worstProblem(problems: readonly Problem[]): ProblemView["severity"] | null {
  return ORDER.find((severity) => problems.some((problem) => problem.severity === severity)) ?? null;
}
