import type * as vscode from "vscode";
import { type EngineClient, EngineRequestError } from "../engine/EngineClient.ts";
import type { EngineError } from "../protocol/engine.ts";
import type { UserError } from "../protocol/page.ts";
import type { AroundView } from "../view/tables.ts";

/** Something of an open record's surroundings changed. */
export interface AroundNews {
  readonly doc: string;
  readonly around: AroundView;
}

/** What the editor needs of the engine's client: one answer a request; a refusal rejects with the engine's error. */
export interface Engine extends Pick<EngineClient, "request"> {
  /** What is found around open records, as it is found. */
  readonly onDidChangeAround: vscode.Event<AroundNews>;
}

/** Rejects like the engine does, for refusals that the host itself finds. */
export function refusal(error: EngineError): EngineRequestError {
  return new EngineRequestError(error);
}

/** Reads whatever was thrown as an engine's error; what is none becomes `internal`, with its stack for the log. */
export function engineErrorOf(thrown: unknown): EngineError {
  if (thrown instanceof EngineRequestError) return thrown.error;
  if (thrown instanceof Error) return { code: "internal", message: thrown.message, detail: thrown.stack ?? thrown.message };
  return { code: "internal", message: String(thrown) };
}

/** The part of an error that a page may show. */
export function userErrorOf(thrown: unknown): UserError {
  const { message, detail } = engineErrorOf(thrown);
  return detail === undefined ? { message } : { message, detail };
}
