import type * as vscode from "vscode";

/** The editor that opens run records by itself, and the one offered for other JSON files (`contributes.customEditors`). */
export const viewTypes = { editor: "runRecord.editor", option: "runRecord.editorOption" } as const;
export type ViewType = (typeof viewTypes)[keyof typeof viewTypes];

export function isViewType(id: string): id is ViewType {
  return id === viewTypes.editor || id === viewTypes.option;
}

/** Whether the manifest's default editor patterns match: a JSON file below `.harn-runs`, or a `*.run.json`. */
export function isRecordUri(uri: Pick<vscode.Uri, "path">): boolean {
  return /(\/\.harn-runs\/.*\.json|\.run\.json)$/.test(uri.path);
}

/** The view type that opens this file rendered. */
export function viewTypeFor(uri: Pick<vscode.Uri, "path">): ViewType {
  return isRecordUri(uri) ? viewTypes.editor : viewTypes.option;
}
