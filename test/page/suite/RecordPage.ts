import { basename } from "node:path";
import type { Frame, Locator } from "playwright-core";
import { expect } from "vitest";
import type { Workbench } from "../harness/workbench.ts";

/** Limit of one wait in these tests, in milliseconds. */
export const patience = 30_000;

/** A rendered record in a workbench, read through its accessibility tree. */
export class RecordPage {
  readonly frame: Frame;

  private constructor(frame: Frame) {
    this.frame = frame;
  }

  /** The visible editor's page, once it shows something. */
  static async shown(workbench: Workbench, index = 0): Promise<RecordPage> {
    const page = new RecordPage(await workbench.recordFrame(index));
    await page.frame.locator("rr-app").first().waitFor({ state: "attached" });
    return page;
  }

  /** Opens a record of the workspace by its path, goes to its tree if another view was left open, and waits for the first row. */
  static async open(workbench: Workbench, path: string): Promise<RecordPage> {
    await workbench.openFile(path);
    const page = await RecordPage.shown(workbench);
    await page.frame.getByRole("tab", { name: "Tree" }).click();
    await page.rows().first().waitFor();
    return page;
  }

  /** Opens a record, confirms Normalize, and waits until its tab says that there are unsaved changes. */
  static async normalized(workbench: Workbench, path: string): Promise<RecordPage> {
    const page = await RecordPage.open(workbench, path);
    await workbench.runCommand("Run Record: Normalize");
    await page.confirm();
    await workbench.page
      .locator(".tab.dirty")
      .filter({ hasText: basename(path) })
      .waitFor();
    return page;
  }

  /** All rows in the window of the tree, the header row left out. */
  rows(): Locator {
    return this.frame.getByRole("treegrid").locator('[role="row"][data-row-id]');
  }

  /** The row with this label. */
  row(label: string | RegExp): Locator {
    return this.rows()
      .filter({ has: this.frame.locator(".label").filter({ hasText: label }) })
      .first();
  }

  selectedRow(): Locator {
    return this.frame.getByRole("treegrid").locator('[role="row"][aria-selected="true"]');
  }

  detail(): Locator {
    return this.frame.getByRole("region", { name: "Details" });
  }

  card(): Locator {
    return this.frame.getByRole("dialog", { name: "Child run" });
  }

  preview(): Locator {
    return this.frame.getByRole("region", { name: "Preview of the change" });
  }

  /** Waits for a preview, confirms it, and waits until it is gone. */
  async confirm(): Promise<void> {
    await this.preview().locator('[data-name="confirm"]').click();
    await this.preview().waitFor({ state: "detached" });
  }

  /** All text of the page. */
  async text(): Promise<string> {
    return this.frame.locator("body").innerText();
  }

  async expectText(text: string): Promise<void> {
    await expect.poll(() => this.text(), { timeout: patience }).toContain(text);
  }
}

/** Waits until the workbench shows a notification with this text in it. */
export async function expectNotification(workbench: Workbench, text: string | RegExp): Promise<void> {
  await workbench.page
    .locator(".notifications-toasts .notification-list-item-message")
    .filter({ hasText: text })
    .first()
    .waitFor({ timeout: patience });
}

/** Presses a button of the modal dialog. */
export async function pressInDialog(workbench: Workbench, button: string): Promise<void> {
  await workbench.page.locator(".monaco-dialog-box .monaco-button").filter({ hasText: button }).first().click();
}

/** Gives VS Code's own file dialog an absolute path. */
export async function chooseFile(workbench: Workbench, path: string): Promise<void> {
  const widget = workbench.page.locator(".quick-input-widget:visible");
  const input = widget.locator("input").first();
  const ok = widget.locator(".quick-input-action .monaco-button").first();
  await ok.waitFor();
  // The dialog puts a path of its own into the box when it has listed the folder, over whatever stands there by then.
  await expect.poll(() => input.inputValue(), { timeout: patience }).toMatch(/\.json$/);
  await widget.locator(".monaco-list-row").first().waitFor();
  await input.fill(path);
  await workbench.page.keyboard.press("Enter");
  await ok.waitFor({ state: "detached" });
}
