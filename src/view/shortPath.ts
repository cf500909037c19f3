import { pathText } from "../record/Problem.ts";
import type { Path } from "../record/Problem.ts";
import { cutText, safeCut, visibleText } from "./plainText.ts";

/** Most UTF-16 units of a path on screen. */
const PATH_LIMIT = 300;

/** A path as text of bounded length: its keys may be of any length and hold anything. */
export function shortPath(path: Path): string {
  const steps = path
    .slice(0, PATH_LIMIT)
    .map((step) => (typeof step === "string" && step.length > PATH_LIMIT ? `${step.slice(0, safeCut(step, PATH_LIMIT))}…` : step));
  return cutText(visibleText(pathText(steps)), PATH_LIMIT);
}
