/** A line of input: its text without the line end, or null for one longer than the limit. */
export type Line = string | null;

const NEWLINE = 0x0a;

/**
 * Splits bytes into lines. Lines longer than `limit` bytes are skipped over, not collected. A last line without an end counts unless it
 * is empty.
 */
export async function* lines(input: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Line, void, undefined> {
  const decoder = new TextDecoder();
  let parts: Uint8Array[] = [];
  let length = 0;
  const finish = (): Line => {
    const line = length > limit ? null : decoder.decode(Buffer.concat(parts));
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of input) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, end));
      yield finish();
      from = end + 1;
    }
    add(chunk.subarray(from));
  }
  if (length > 0) yield finish();

  function add(part: Uint8Array): void {
    length += part.length;
    if (length > limit) parts = [];
    else if (part.length > 0) parts.push(part);
  }
}
