import type { EngineError } from "../protocol/engine.ts";

/** How an engine step gives up: carried as an exception inside the engine, turned into an {@link EngineError} value at its edge. */
export class EngineFault extends Error {
  readonly error: EngineError;

  constructor(error: EngineError) {
    super(error.message);
    this.name = "EngineFault";
    this.error = error;
  }
}

/** The value that crosses to the caller: a fault's own error, or `internal` with the cause for the log. Never throws. */
export function toEngineError(cause: unknown): EngineError {
  if (cause instanceof EngineFault) return cause.error;
  if (cause instanceof RangeError && /allocation|Invalid (typed array|array buffer|array|string) length/i.test(cause.message)) {
    return {
      code: "tooLarge",
      message: "There is not enough memory for this file. Close other large records and open it again.",
      detail: describeCause(cause),
    };
  }
  return {
    code: "internal",
    message: "Something went wrong inside Run Record Viewer. The log has the details.",
    detail: describeCause(cause),
  };
}

/** The answer of a request whose caller has lost interest. */
export function cancelledError(): EngineError {
  return { code: "cancelled", message: "Cancelled." };
}

/** An exception as text for the log: with its stack where it has one. */
export function describeCause(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? `${cause.name}: ${cause.message}`) : String(cause);
}
