import { defineConfig } from "vitest/config";

/** Unit and oracle suites: plain Node, no editor. A pattern that finds no file is a failure (`passWithNoTests` stays off). */
export default defineConfig({
  test: { include: ["test/unit/**/*.test.ts", "test/oracle/**/*.test.ts"], testTimeout: 120_000, pool: "forks" },
});
