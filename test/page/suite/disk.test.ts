import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { copySamples } from "../../../scripts/samples.ts";
import { useWorkbench } from "../harness/workbench.ts";
import { expected } from "./expected.ts";
import { expectNotification, patience, pressInDialog, RecordPage } from "./RecordPage.ts";
import { put, roughRecord, sampleRecord } from "./records.ts";

const path = (name: string): string => `incident-triage/.harn-runs/${name}.json`;

describe("the file on disk", () => {
  const workbench = useWorkbench({
    fill: (folder) => {
      copySamples(folder);
      for (const name of ["clean", "dirty", "conflict", "deleted", "hot-exit"]) put(folder, path(name), roughRecord());
    },
  });
  const file = (name: string): string => join(workbench().folder, path(name));
  const otherText = (): string =>
    JSON.stringify({ ...sampleRecord("incident-triage/.harn-runs/incident-4471.json"), workflow_name: "written meanwhile" }, null, 2);

  const normalized = (name: string): Promise<RecordPage> => RecordPage.normalized(workbench(), path(name));

  it("is read again when it changed, and the selection stays", async () => {
    const record = await RecordPage.open(workbench(), path("clean"));
    await record.rows().nth(2).click();
    const selected = await record.selectedRow().getAttribute("data-row-id");
    const changed = JSON.parse(roughRecord()) as Record<string, unknown>;
    writeFileSync(file("clean"), JSON.stringify({ ...changed, workflow_name: "written meanwhile" }));
    await record.expectText("written meanwhile");
    expect(await record.selectedRow().getAttribute("data-row-id")).toBe(selected);
  });

  it("is asked about when it changed under unsaved changes: keep mine, then overwrite", async () => {
    await normalized("dirty");
    const before = roughRecord();
    writeFileSync(file("dirty"), otherText());
    await expectNotification(workbench(), "changed on disk");
    await workbench()
      .page.locator(".notification-list-item-buttons-container .monaco-button")
      .filter({ hasText: "Keep Mine" })
      .first()
      .click();
    await workbench().runCommand("File: Save");
    await pressInDialog(workbench(), "Overwrite");
    await workbench().page.locator(".tab.dirty").waitFor({ state: "detached" });
    expect(readFileSync(file("dirty"), "utf8")).toBe(
      await expected(join(workbench().folder, "incident-triage"), Buffer.from(before), "normalize", "lossless"),
    );
  });

  it("is read again instead, when the user says so", async () => {
    const record = await normalized("conflict");
    writeFileSync(file("conflict"), otherText());
    await expectNotification(workbench(), "changed on disk");
    await workbench()
      .page.locator(".notification-list-item-buttons-container .monaco-button")
      .filter({ hasText: "Reload" })
      .first()
      .click();
    await workbench().page.locator(".tab.dirty").waitFor({ state: "detached" });
    await record.expectText("written meanwhile");
    expect(readFileSync(file("conflict"), "utf8")).toBe(otherText());
  });

  it("is said to be gone when it was deleted, and what was read stays", async () => {
    const record = await RecordPage.open(workbench(), path("deleted"));
    rmSync(file("deleted"));
    await expectNotification(workbench(), "was deleted or moved");
    await record.rows().first().waitFor();
    await record.rows().nth(2).click();
    await expect.poll(() => record.detail().innerText(), { timeout: patience }).toContain("stages[1]");
  });

  it("gets its unsaved changes back after a restart", async () => {
    await normalized("hot-exit");
    await workbench().backedUp("hot-exit.json");
    await workbench().layoutRemembers("hot-exit.json");
    await workbench().reload();
    await workbench().page.locator(".tab.dirty").filter({ hasText: "hot-exit.json" }).waitFor({ timeout: patience });
    const record = await RecordPage.shown(workbench());
    await record.rows().first().waitFor();
    expect(readFileSync(file("hot-exit"), "utf8")).toBe(roughRecord());
    await workbench().runCommand("File: Save");
    await workbench().page.locator(".tab.dirty").waitFor({ state: "detached" });
    const want = await expected(join(workbench().folder, "incident-triage"), Buffer.from(roughRecord()), "normalize", "lossless");
    expect(readFileSync(file("hot-exit"), "utf8")).toBe(want);
  });
});
