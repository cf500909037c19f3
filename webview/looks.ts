import type { SourceNote } from "../src/view/tables.ts";
import type { FilePresence, ProblemView, RowDetail, StatusTone } from "../src/view/types.ts";

/** What a kind of row is called, and its icon (a codicon's name). */
export const kindLooks: Readonly<Record<RowDetail["kind"], { readonly word: string; readonly icon: string }>> = {
  stage: { word: "Stage", icon: "layers" },
  attempt: { word: "Attempt", icon: "history" },
  childRun: { word: "Child run", icon: "type-hierarchy-sub" },
  modelTurn: { word: "Model turn", icon: "comment-discussion" },
  agentEvent: { word: "Agent event", icon: "pulse" },
  compaction: { word: "Compaction", icon: "fold" },
  question: { word: "Question", icon: "question" },
  toolCall: { word: "Tool call", icon: "tools" },
  artifact: { word: "Artifact", icon: "file" },
  handoff: { word: "Handoff", icon: "arrow-swap" },
  transition: { word: "Transition", icon: "arrow-down" },
  daemon: { word: "Daemon event", icon: "server-process" },
  session: { word: "Session", icon: "comment" },
  file: { word: "File", icon: "file" },
};

/** Status is never told by colour alone: every tone has an icon of its own shape. */
export const toneIcons: Readonly<Record<StatusTone, string>> = {
  success: "pass",
  failure: "error",
  running: "sync",
  waiting: "bell",
  warning: "warning",
  neutral: "circle",
};

export const severityLooks: Readonly<Record<ProblemView["severity"], { readonly word: string; readonly icon: string }>> = {
  error: { word: "Error", icon: "error" },
  warning: { word: "Warning", icon: "warning" },
  info: { word: "Information", icon: "info" },
};

export const presenceIcons: Readonly<Record<FilePresence, string>> = {
  present: "file",
  absent: "warning",
  unreadable: "lock",
  outside: "shield",
  unnamed: "circle-slash",
};

/** Where rows of a table come from: the state's icon, its word and its colour. */
export const sourceLooks: Readonly<
  Record<SourceNote["state"], { readonly word: string; readonly icon: string; readonly tone: StatusTone }>
> = {
  found: { word: "Found", icon: "check", tone: "success" },
  absent: { word: "Not there", icon: "dash", tone: "neutral" },
  empty: { word: "Empty", icon: "circle", tone: "neutral" },
  unreadable: { word: "Cannot be read", icon: "lock", tone: "failure" },
  outside: { word: "Outside of the workspace", icon: "shield", tone: "warning" },
  off: { word: "Turned off", icon: "circle-slash", tone: "neutral" },
};
