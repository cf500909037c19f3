/**
 * Where the model transcript of a record at `path` lies: beside it, in `<stem>-llm/`. Null when the path has no file name (run record
 * format, observability, sidecar path). Paths are those of the runtime: `/` between folders.
 */
export function llmTranscriptSidecarPath(path: string): string | null {
  const components = pathComponents(path);
  const name = components.pop();
  if (name === undefined || name === "/" || name === "." || name === "..") return null;
  const dot = name.lastIndexOf(".");
  const stem = dot > 0 ? name.slice(0, dot) : name;
  const folder = joinComponents(components);
  return folder === "" || folder.endsWith("/") ? `${folder}${stem}-llm/llm_transcript.jsonl` : `${folder}/${stem}-llm/llm_transcript.jsonl`;
}

/** The parts of a path: a leading `/`, then names. Doubled slashes and `.` count for nothing, but for a `.` in front. */
function pathComponents(path: string): string[] {
  const names = path.split("/");
  const components = path.startsWith("/") ? ["/"] : names[0] === "." ? ["."] : [];
  return [...components, ...names.filter((name) => name !== "" && name !== ".")];
}

function joinComponents(components: readonly string[]): string {
  return components[0] === "/" ? `/${components.slice(1).join("/")}` : components.join("/");
}
