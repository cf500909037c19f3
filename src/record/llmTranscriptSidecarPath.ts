/**
 * Where the model transcript of a record at `path` lies: beside it, in `<stem>-llm/`. Null when the path has no file name (run record
 * format, observability, sidecar path). Paths are those of the runtime: `/` between folders.
 */
export function llmTranscriptSidecarPath(path: string): string | null {
  const whole = withoutTail(path);
  const slash = whole.lastIndexOf("/");
  const name = whole.slice(slash + 1);
  if (name === "" || name === "." || name === "..") return null;
  const dot = name.lastIndexOf(".");
  const stem = dot > 0 ? name.slice(0, dot) : name;
  const folder = slash === -1 ? "" : withoutTail(whole.slice(0, slash + 1));
  return `${folder}${folder === "" || folder.endsWith("/") ? "" : "/"}${stem}-llm/llm_transcript.jsonl`;
}

/** Without slashes and `/.` at the end, which count for nothing there; the root stays. */
function withoutTail(path: string): string {
  let end = path.length;
  for (;;) {
    if (path.endsWith("/", end) && end > 1) end -= 1;
    else if (path.endsWith("/.", end)) end = Math.max(1, end - 2);
    else return path.slice(0, end);
  }
}
