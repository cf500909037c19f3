import { chromium, type Browser } from "playwright-core";
import { inject } from "vitest";

let connected: Browser | undefined;

/** The suite's one Chromium; each test file connects once. */
export async function sharedBrowser(): Promise<Browser> {
  connected ??= await chromium.connect(inject("shared").browser);
  return connected;
}
