import type * as vscode from "vscode";

/** Owns what it registers: everything is disposed with it, last first. */
export abstract class DisposableBase implements vscode.Disposable {
  private readonly owned: vscode.Disposable[] = [];
  private ended = false;

  protected isDisposed(): boolean {
    return this.ended;
  }

  /** Hands the argument back, so that ownership stands on the line of creation. What comes after the end is disposed at once. */
  protected _register<T extends vscode.Disposable>(value: T): T {
    if (this.ended) value.dispose();
    else this.owned.push(value);
    return value;
  }

  dispose(): void {
    if (this.ended) return;
    this.ended = true;
    for (const value of this.owned.splice(0).reverse()) value.dispose();
  }
}
