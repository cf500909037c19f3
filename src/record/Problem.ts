/** A fault of a file as a value: what, where, how bad. */

/** Object keys and array positions from the root. */
export type Path = readonly (string | number)[];

export type ProblemCode =
  /** A value of a type the field cannot hold. */
  | "wrongType"
  /** A number its field's width cannot hold, or beyond what a double can. */
  | "outOfRange"
  | "unknownVariant"
  | "missingField"
  | "duplicateField"
  | "tooManyElements"
  | "loneSurrogate"
  | "tooDeep"
  | "policyRule"
  | "rawValue"
  | "syntax"
  | "byteOrderMark"
  | "invalidUtf8"
  | "noRecord"
  /** How many more faults there are than are listed. */
  | "unlisted";

/** Where and why the text is not what the runtime accepts. `start` and `end` are byte offsets, `end` exclusive. */
export interface Problem {
  readonly severity: "error" | "warning" | "info";
  readonly code: ProblemCode;
  readonly path: Path;
  readonly start: number;
  readonly end: number;
  /** One sentence without the place. */
  readonly message: string;
}

/** `stages[3].attempts[0]`; the root is `.`. Keys that are no plain names are quoted. */
export function pathText(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text === "" ? "." : text;
}
