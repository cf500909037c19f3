import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { engineHarness, jsonText, sampleRecord } from "./engineHarness.ts";
import { testFolder } from "./testFolder.ts";

describe("the record of a run", () => {
  it("is the one that says it has the id, whatever its name", async () => {
    const harness = engineHarness();
    const folder = testFolder({
      ".harn-runs/a.json": jsonText(sampleRecord({ id: "other" })),
      ".harn-runs/b.json": jsonText(sampleRecord({ id: "wanted" })),
      ".harn-runs/wanted.json": jsonText(sampleRecord({ id: "third" })),
    });
    const ask = (runId: string) => harness.ask({ kind: "findRun", folders: [folder], runId });
    expect(await ask("wanted")).toEqual({ path: join(folder, ".harn-runs/b.json") });
    expect(await ask("third")).toEqual({ path: join(folder, ".harn-runs/wanted.json") });
  });

  it("is found in one still being written, and far down in one with sorted keys", async () => {
    const harness = engineHarness();
    const half = jsonText(sampleRecord({ id: "half", stages: Array.from({ length: 2000 }, () => ({ id: "s" })) }));
    const folder = testFolder({
      ".harn-runs/half.json": half.slice(0, half.length / 2),
      ".harn-runs/sorted.json": JSON.stringify({ artifacts: [{ text: "y".repeat(200_000) }], id: "sorted", workflow_id: "w" }),
    });
    expect(await harness.ask({ kind: "findRun", folders: [folder], runId: "half" })).toEqual({
      path: join(folder, ".harn-runs/half.json"),
    });
    expect(await harness.ask({ kind: "findRun", folders: [folder], runId: "sorted" })).toEqual({
      path: join(folder, ".harn-runs/sorted.json"),
    });
  });

  it.each(["", "nobody", "../../etc/passwd", "\u0000"])("is none for the id %j", async (runId) => {
    const folder = testFolder({
      ".harn-runs/a.json": jsonText(sampleRecord()),
      ".harn-runs/broken.json": "{",
      ".harn-runs/empty.json": "",
    });
    expect(await engineHarness().ask({ kind: "findRun", folders: [folder, "/nowhere"], runId })).toBeNull();
  });
});
