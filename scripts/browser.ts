import { findProgram, isExecutable, run, Stop } from "./processes.ts";

/** Flags for a browser without a display, without a sandbox (containers) and without traffic of its own. */
export const browserFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
] as const;

/** An installed Chrome or Chromium: the one `CHROME_PATH` names, else one on the PATH, else one in macOS's Applications. */
export function findBrowser(): string | undefined {
  const named = process.env["CHROME_PATH"];
  if (named !== undefined && named !== "") {
    if (!isExecutable(named)) throw new Stop(`CHROME_PATH names ${named}, which is no program.`);
    return named;
  }
  return (
    findProgram("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome") ??
    [
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
      `${process.env["HOME"] ?? ""}/Applications/Google Chrome.app/Contents/MacOS/Google Chrome`,
    ].find(isExecutable)
  );
}

/** A Chrome or Chromium, installed with apt-get where there is none and this user may; otherwise stops with what is missing. */
export async function provideBrowser(): Promise<string> {
  const found = findBrowser();
  if (found !== undefined) return found;
  const missing =
    "The tests in the editor need Chrome or Chromium, and none was found (a path in CHROME_PATH, or `chromium` or `google-chrome` on the PATH).";
  const apt = findProgram("apt-get");
  if (apt === undefined) throw new Stop(`${missing} Please install one; there is no apt-get here that could do it.`);
  const command = await asRoot(apt);
  if (command === undefined) throw new Stop(`${missing} Please install one, for example with: sudo apt-get install chromium`);

  console.log("Installing Chromium (apt-get install chromium) …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const [program = apt, ...prefix] = command;
  await run(program, [...prefix, "update", "-qq"], { env }); // may fail on one source of several: the install tells
  const { code, output } = await run(
    program,
    [...prefix, "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
    { env },
  );
  const installed = findBrowser();
  if (installed === undefined)
    throw new Stop(`${missing} apt-get could not install it (exit code ${String(code)}):\n${output.trim().slice(-2000)}`);
  return installed;
}

/** The command that runs a program as root without a question; undefined when this user may not. */
async function asRoot(program: string): Promise<string[] | undefined> {
  if (process.getuid?.() === 0) return [program];
  const sudo = findProgram("sudo");
  if (sudo === undefined) return undefined;
  const { code } = await run(sudo, ["-n", "true"]);
  return code === 0 ? [sudo, "-n", program] : undefined;
}
