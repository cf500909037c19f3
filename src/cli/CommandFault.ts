/** Why a command cannot go on, as a sentence for the user: a file that cannot be read, a record that is refused. */
export class CommandFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CommandFault";
  }
}

/** What went wrong, for the user: the fault's own sentence, or that of an unexpected error. */
export function faultText(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
