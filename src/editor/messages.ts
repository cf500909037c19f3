/** Everything the editor and its commands say in notifications and dialogs, in one place. Names and paths in it are record text or file names: shown as text. */
import type { SaveOperation } from "../view/types.ts";

/** Above this size VS Code hands no text of a file to extensions, so no place in it can be selected or compared: 50 MiB. */
export const TEXT_LIMIT_BYTES = 50 * 1024 * 1024;

export const buttons = {
  reload: "Reload",
  keep: "Keep Mine",
  compare: "Compare",
  overwrite: "Overwrite",
  saveAnyway: "Save Anyway",
  open: "Open",
  showInText: "Show in Text",
  showLog: "Show Log",
  allow: "Allow",
  notNow: "Not Now",
} as const;

const operationNames: Readonly<Record<SaveOperation, string>> = { normalize: "Normalize", resave: "Resave", resaveAs: "Resave As…" };

export function operationName(operation: SaveOperation): string {
  return operationNames[operation];
}

export const messages = {
  nothingToChange: (operation: SaveOperation, fileName: string) =>
    `${operationName(operation)}: nothing to change. ${fileName} already holds what it would write.`,
  nothingFurther: (fileName: string) => `Resave: nothing further to change. The earlier edit of ${fileName} was saved.`,
  working: (operation: SaveOperation) => `${operationName(operation)}: working out what would change…`,
  otherEditorDirty: (fileName: string) => `${fileName} has unsaved changes in another Run Record editor. Save or revert them there first.`,
  previewStale: (operation: SaveOperation) => `The record changed after this preview was made. ${operationName(operation)} is shown anew.`,
  notEditable: (fileName: string) => `${fileName} cannot be normalised or resaved: it is not a JSON object that could be read to its end.`,
  changedOnDiskDirty: (fileName: string) => `${fileName} changed on disk, and you have unsaved changes.`,
  changedOnDiskSave: (fileName: string) => `${fileName} changed on disk since it was read. Overwrite it with what is shown here?`,
  changedSinceBackup: (fileName: string) =>
    `${fileName} changed on disk since these unsaved changes were backed up. Overwrite it with what is shown here?`,
  textDirtyOnSave: (fileName: string) => `${fileName} is also open as text with unsaved changes there. Save the rendered record anyway?`,
  textDirtyOnEdit: (fileName: string) =>
    `${fileName} is also open as text with unsaved changes there. Whichever side is saved second will be asked about it.`,
  deleted: (fileName: string) => `${fileName} was deleted or moved. What was read of it stays on screen.`,
  deletedOnSave: (fileName: string) => `${fileName} is no longer on disk. Write it anew?`,
  saveCancelled: (fileName: string) => `${fileName} was not saved.`,
  saveFailed: (fileName: string, why: string) => `${fileName} was not saved: ${why}`,
  undoLost: (fileName: string) => `${fileName} was read again from disk after this edit, which can therefore not be undone or redone.`,
  backupUnreadable: (fileName: string) =>
    `The unsaved changes of ${fileName} could not be restored from their backup. The file on disk is shown.`,
  changesLost: (fileName: string) =>
    `The engine stopped unexpectedly, and the unsaved changes of ${fileName} were lost. The file on disk is shown; it is untouched.`,
  copied: (what: string) => `${what} copied.`,
  noRunId: (fileName: string) => `${fileName} has no run id.`,
  noTarget: "Open or select a run record first.",
  noSelection: "Select a row of the run record first.",
  rowBeside: "The selected row is not part of this record: it comes from what lies beside it, and has no place in its JSON.",
  rowWithoutPlace: "The selected row is derived and has no place of its own in the JSON.",
  tooLargeToReveal: (fileName: string, megabytes: number) =>
    `${fileName} has ${String(megabytes)} MB. VS Code shows a place in text only up to 50 MB; the row's own JSON is in the detail pane.`,
  tooLargeToCompare: (megabytes: number) =>
    `This side has ${String(megabytes)} MB, which is too large for VS Code's text diff (50 MB). The preview in the editor lists all changes.`,
  previewGone: "This preview is no longer open. Start Normalize or Resave again to compare the texts.",
  virtualPaths: "Files that a record names can be opened only when the record lies on the machine the extension runs on.",
  outsideUntrusted: (path: string) => `${harmless(path)} lies outside the workspace. It is opened only in a trusted workspace.`,
  outsideAsk: "This record names a file outside the workspace. Open it?",
  logOutsideAsk: (path: string) => `The event log ${shortened(path)} lies outside of the workspace. Read it?`,
  logOutsideUntrusted: (path: string) =>
    `The event log ${shortened(path)} lies outside of the workspace. It is read only in a trusted workspace.`,
  logVirtual: "No event log is read: the record does not lie on the machine the extension runs on.",
  noLogOutside: "No event log waits for permission any more.",
  notPublished: (fileName: string, why: string) => `${fileName} was saved, but its action graph was not published: ${why}`,
  notPublishedVirtual: (fileName: string) =>
    `${fileName} was saved, but its action graph was not published: the file does not lie on the machine the extension runs on.`,
  notFound: (stored: string) => `${shortened(stored)} was not found.`,
  runNotFound: (runId: string) => `No record of the run ${shortened(runId)} was found in this project.`,
  folderInstead: (path: string) => `${harmless(path)} is a folder.`,
  noRuns: "No run records were found: no folder of this workspace has a .harn-runs folder with records in it.",
  noFolderOpen: "Open a folder first: Open Latest Run looks into its .harn-runs.",
  lookingForRuns: "Looking for run records",
  runId: "Run id",
  refreshDirty: (fileName: string) => `${fileName} has unsaved changes. Save or revert them to read it again from disk.`,
  pageSilent: "The page of the editor did not start.",
  failed: (what: string, why: string) => `${what}: ${why}`,
} as const;

/** Bytes as whole megabytes, rounded up, for sentences about limits. */
export function megabytes(bytes: number): number {
  return Math.ceil(bytes / (1024 * 1024));
}

/** Record text for a sentence: harmless, and not longer than a line or two. */
export function shortened(text: string): string {
  const plain = harmless(text);
  return plain.length <= 200 ? plain : `${plain.slice(0, 199)}…`;
}

/** Record text with control and direction characters shown as a box each, so that what is read is what is there. */
export function harmless(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, "\u25a1");
}
