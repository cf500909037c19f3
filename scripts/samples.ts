import { cpSync } from "node:fs";
import { join } from "node:path";
import { untar } from "./untar.ts";

/** The sample project of the repository. */
export const samplesFolder = "samples";
/** The stories in it, a folder each. */
export const stories = ["release-notes", "incident-triage", "running", "daemon"] as const;
/** Further runs, packed, for tests only. */
export const assets = ["long-haul", "later-version"] as const;

/** Copies the sample project into a folder, file by file (the event logs are never opened), so that nothing can change the originals. */
export function copySamples(to: string): void {
  cpSync(samplesFolder, to, { recursive: true });
}

/** Unpacks one of the test assets below a folder, as `<folder>/<name>/…`. */
export function unpackAsset(name: (typeof assets)[number], folder: string): void {
  untar(join("test", "assets", `${name}.tar.gz`), folder);
}
