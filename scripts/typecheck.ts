/** `npm run typecheck`: tsc over every project of the repository, two at a time. The pure layers have projects of their own, so that nothing but ECMAScript exists for them. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

const projects = ["tsconfig.json", "src/json", "src/record", "src/view", "src/protocol", "webview", "scripts", "test/page"];
const atATime = 2;

const waiting = projects.filter((project) => existsSync(project));
let failed = 0;
await Promise.all(Array.from({ length: atATime }, worker));
console.log(
  failed === 0
    ? `${String(projects.length)} projects, no type errors`
    : `${String(failed)} of ${String(projects.length)} projects have type errors`,
);
if (failed > 0) process.exitCode = 1;

async function worker(): Promise<void> {
  for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
    const { code, output } = await tsc(project);
    if (code !== 0) {
      failed++;
      console.error(`${project}:\n${output}`);
    }
  }
}

/** Runs tsc on one project; `output` is what it said, `code` its exit code (-1 when it was killed). */
async function tsc(project: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["node_modules/typescript/bin/tsc", "--noEmit", "-p", project, "--pretty", "false"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, output: Buffer.concat(chunks).toString() }));
  });
}
