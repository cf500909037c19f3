import { defineConfig } from "vitest/config";

/** The page alone in a browser, the host played by `FakeHost`. One file at a time: each drives its own browser. */
export default defineConfig({
  test: {
    include: ["test/page/standalone/**/*.test.ts"],
    root: new URL("../../..", import.meta.url).pathname,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    pool: "forks",
  },
});
