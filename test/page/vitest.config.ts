import { defineConfig } from "vitest/config";

/** The page suite: the packed extension in a real VS Code, one server and one browser for all files, one file after the other. */
export default defineConfig({
  test: {
    root: ".",
    include: ["test/page/**/*.test.ts"],
    globalSetup: ["test/page/harness/setup.ts"],
    pool: "forks",
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
