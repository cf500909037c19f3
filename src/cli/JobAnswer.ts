/**
 * What a job of `batch` may answer. `text` is a record or a report, pretty-printed; `path` the path `save` returns. `published` (what the
 * action graph's topic then holds) and `events` (a replayed session) are JSON already: their integers have 64 bits.
 */
export type JobAnswer =
  | { readonly ok: true; readonly text?: string; readonly path?: string; readonly published?: Uint8Array; readonly events?: Uint8Array }
  | { readonly ok: false; readonly error: string };

/** The answer as one line of JSON. One too long for a string is a refusal too. */
export function answerText(answer: JobAnswer): string {
  try {
    if (!answer.ok) return JSON.stringify(answer);
    const members = Object.entries(answer).map(([name, value]) => `${JSON.stringify(name)}:${jsonOf(value)}`);
    return `{${members.join(",")}}`;
  } catch (cause) {
    return JSON.stringify({ ok: false, error: `the answer is too large: ${cause instanceof Error ? cause.message : String(cause)}` });
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function jsonOf(value: string | boolean | Uint8Array): string {
  return value instanceof Uint8Array ? decoder.decode(value) : JSON.stringify(value);
}
