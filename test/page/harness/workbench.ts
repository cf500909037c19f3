import { randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { errors, type BrowserContext, type Frame, type Locator, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";
import { copySamples } from "../../../scripts/samples.ts";
import { testSettings } from "../../../scripts/testSettings.ts";
import { writeSettings } from "../../../scripts/vscode.ts";
import { eventually } from "../../host/eventually.ts";
import { sharedBrowser } from "./browser.ts";
import { Faults } from "./faults.ts";

/** The four kinds of theme VS Code has, by the names its setting takes. */
export const themes = {
  dark: "Default Dark Modern",
  light: "Default Light Modern",
  highContrast: "Default High Contrast",
  highContrastLight: "Default High Contrast Light",
} as const;
export type Theme = keyof typeof themes;

/** How to open a workbench. */
export interface WorkbenchOptions {
  /** Fills the workspace folder, which is new and empty; without it the sample project is copied there. */
  readonly fill?: (folder: string) => void;
  readonly theme?: Theme;
  /** Added to the settings every test has. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** In CSS pixels; 1400 × 900 when left out. */
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** How long the workbench may take for one step, in milliseconds; also the limit of `expect.poll` in tests. */
const patience = 30_000;
/** How long a part of a step may take until the step is tried again. */
const quickly = 3000;

/** One page with VS Code's workbench, a workspace of its own, and a browser profile of its own. */
export class Workbench {
  readonly page: Page;
  /** The workspace folder, absolute. */
  readonly folder: string;
  readonly faults: Faults;
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page, folder: string, faults: Faults) {
    this.#context = context;
    this.page = page;
    this.folder = folder;
    this.faults = faults;
  }

  /** Opens the workbench and waits until it can be used. */
  static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    const { authority, dataDir, scratch } = inject("shared");
    const folder = join(scratch, randomUUID(), "samples");
    mkdirSync(folder, { recursive: true });
    (options.fill ?? copySamples)(folder);
    writeSettings(dataDir, { ...testSettings, "workbench.colorTheme": themes[options.theme ?? "dark"], ...options.settings });
    const browser = await sharedBrowser();
    const context = await browser.newContext({
      viewport: options.viewport ?? { width: 1400, height: 900 },
      permissions: ["clipboard-read", "clipboard-write"],
    });
    context.setDefaultTimeout(patience);
    const page = await context.newPage();
    const workbench = new Workbench(context, page, folder, new Faults(page, dataDir));
    await page.goto(`http://${authority}/?${new URLSearchParams({ folder }).toString()}`);
    await workbench.#ready();
    return workbench;
  }

  /** Loads the same window again, as after a restart of the browser: the profile stays. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.#ready();
  }

  /**
   * Waits until the workbench has written down that this tab has a backup. A workbench in a browser writes the layout of its editors only
   * every few seconds, never while it ends; a tab restored from an older layout comes back without the backup that lies on the disk.
   */
  async layoutRemembers(name: string): Promise<void> {
    await eventually(
      `the layout remembers the backup of ${name}`,
      () =>
        this.page.evaluate(async (wanted) => {
          for (const { name: database } of await indexedDB.databases()) {
            if (database === undefined || !database.startsWith("vscode-web-state-db")) continue;
            const values = await new Promise<unknown[]>((resolve) => {
              const opening = indexedDB.open(database);
              opening.onerror = () => resolve([]);
              opening.onsuccess = () => {
                const stores = opening.result;
                if (!stores.objectStoreNames.contains("ItemTable")) {
                  stores.close();
                  resolve([]);
                  return;
                }
                const reading = stores.transaction("ItemTable").objectStore("ItemTable").getAll();
                reading.onerror = () => resolve([]);
                reading.onsuccess = () => {
                  stores.close();
                  resolve(reading.result as unknown[]);
                };
              };
            });
            if (values.some((value) => typeof value === "string" && value.includes(wanted) && value.includes("backupId"))) return true;
          }
          return false;
        }, name),
      patience,
    );
  }

  /** Waits until VS Code has put away a backup of a file's unsaved changes, by the file's name; nothing on the screen tells of it. */
  async backedUp(name: string): Promise<void> {
    const backups = join(inject("shared").dataDir, "data", "User", "Backups");
    await eventually(`${name} is backed up`, () => filesBelow(backups).some((file) => readFileSync(file, "utf8").includes(name)), patience);
  }

  async #ready(): Promise<void> {
    await this.page.locator(".monaco-workbench .explorer-folders-view .monaco-list-row").first().waitFor();
    // The extension host has answered once its extensions' status entries and notifications service are in place.
    await this.page.locator(".monaco-workbench .statusbar-item").first().waitFor();
    // What our manifest contributes comes later still; until then a record opens as text.
    await eventually("the extension's commands are there", () => this.hasCommand("Run Record: Open Latest Run"), patience);
  }

  /** Opens a file of the workspace, by its path in it, the way its type is opened by default, and waits until its tab is the active one. */
  async openFile(path: string): Promise<void> {
    const label = basename(path);
    const found = this.#quickRows().filter({ hasText: label }).first();
    await this.#quickPick("Control+p", join(this.folder, path), found, () => found.click({ timeout: quickly }));
    await this.page.locator(".tabs-container .tab.active").filter({ hasText: label }).first().waitFor();
  }

  /** Runs a command through the palette, by the title it shows ("Run Record: Normalize"). Waits until the palette is gone, not until the command is done. */
  async runCommand(title: string): Promise<void> {
    const row = this.#paletteRow(title);
    await this.#quickPick("F1", `>${title}`, row, () => row.click({ timeout: quickly }));
    await row.waitFor({ state: "detached" });
  }

  /** Whether the palette offers a command now. */
  async hasCommand(title: string): Promise<boolean> {
    let found = false;
    // The list is complete once it shows either the command or that nothing matches exactly.
    await this.#quickPick("F1", `>${title}`, this.#quickRows().first(), async () => {
      found = (await this.#paletteRow(title).count()) > 0;
    });
    await this.page.keyboard.press("Escape");
    return found;
  }

  #quickRows(): Locator {
    return this.page.locator(".quick-input-widget:visible .monaco-list-row");
  }

  #paletteRow(title: string): Locator {
    return (
      this.#quickRows()
        // The whole label: what was typed is highlighted as an element of its own, which says "Resave" in "Resave As…" too.
        .filter({ has: this.page.locator(".label-name", { hasText: new RegExp(`^${title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`) }) })
        .first()
    );
  }

  /**
   * Opens the quick input, types, waits for a row and does something with it. All of it again when the box closed meanwhile: a webview may
   * take the focus at any moment after it was shown.
   */
  async #quickPick(key: string, text: string, row: Locator, then: () => Promise<void>): Promise<void> {
    const input = this.page.locator(".quick-input-widget:visible input").first();
    const step = async (): Promise<boolean> => {
      try {
        if (!(await input.isVisible())) await this.page.keyboard.press(key);
        await input.fill(text, { timeout: quickly });
        await row.waitFor({ timeout: quickly });
        await this.#settled();
        await then();
        return true;
      } catch (error) {
        if (!(error instanceof errors.TimeoutError)) throw error;
        return false;
      }
    };
    await eventually(`the quick input takes ${text}`, step, patience);
  }

  /**
   * The list is filtered in several steps (recent commands, then similar ones): waits until it no longer moves under a click. A box that
   * closed meanwhile is a time-out, so that the step is tried again.
   */
  async #settled(): Promise<void> {
    let before: string[] = [];
    await eventually("the list of the quick input is complete", async () => {
      const now = await this.#quickRows().allInnerTexts();
      if (now.length === 0) throw new errors.TimeoutError("the quick input closed");
      const same = now.join("\n") === before.join("\n");
      before = now;
      return same;
    });
  }

  /** Goes to a line of the active text editor, both counted from 1. */
  async goTo(line: number, column: number): Promise<void> {
    const found = this.#quickRows().first();
    await this.#quickPick("Control+g", `:${String(line)}:${String(column)}`, found, () => this.page.keyboard.press("Enter"));
    await found.waitFor({ state: "detached" });
  }

  /** The editor tabs with this label. */
  tab(label: string): Locator {
    return this.page.locator(".tabs-container .tab").filter({ hasText: label });
  }

  /** The texts of the notifications shown now. */
  async notifications(): Promise<string[]> {
    return this.page.locator(".notifications-toasts .notification-list-item-message").allInnerTexts();
  }

  /** The document of our page in the visible editor, once its script has been loaded. With several side by side, `index` counts them from the left. */
  async recordFrame(index = 0): Promise<Frame> {
    let frame: Frame | undefined;
    await expect
      .poll(
        async () => {
          frame = (await this.#recordFrames())[index];
          return frame !== undefined;
        },
        { timeout: patience, message: "the record page is shown" },
      )
      .toBe(true);
    if (frame === undefined) throw new Error("unreachable");
    return frame;
  }

  async #recordFrames(): Promise<Frame[]> {
    const found: { readonly left: number; readonly frame: Frame }[] = [];
    for (const frame of this.page.frames()) {
      const outer = frame.parentFrame();
      if (outer === null || !outer.url().includes("extensionId=run-record.run-record-viewer")) continue;
      try {
        const element = await outer.frameElement();
        const box = await element.boundingBox();
        if (box === null || !(await element.isVisible())) continue;
        if ((await frame.locator('script[src*="/dist/page.js"]').count()) > 0) found.push({ left: box.x, frame });
      } catch {
        // The frame went away while it was looked at: it is not the one.
      }
    }
    return found.sort((a, b) => a.left - b.left).map(({ frame }) => frame);
  }

  /** A picture of the whole window, `test-results/<name>.png`. */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: join("test-results", `${name.replace(/[^\w.-]+/g, "-")}.png`) });
  }

  /** Fails when our frames, extension host or worker reported an error since the last call. */
  assertNoFaults(): void {
    expect(this.faults.take(), "errors of our frames, extension host and worker").toEqual([]);
  }

  /** Copies a file or folder from the repository into the workspace. */
  add(from: string, to: string): void {
    cpSync(from, join(this.folder, to), { recursive: true });
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/**
 * One workbench for all tests of the `describe` (or file) it is called in. After each test the faults are asserted, and a failed one
 * leaves a picture. Gives a function, since the workbench is open only while tests run.
 */
export function useWorkbench(options: WorkbenchOptions = {}): () => Workbench {
  let workbench: Workbench | undefined;
  const opened = (): Workbench => {
    if (workbench === undefined) throw new Error("the workbench is open inside tests only");
    return workbench;
  };
  beforeAll(async () => {
    workbench = await Workbench.open(options);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await opened().screenshot(`failed-${task.name}`);
    opened().assertNoFaults();
  });
  afterAll(async () => {
    await workbench?.close();
  });
  return opened;
}
