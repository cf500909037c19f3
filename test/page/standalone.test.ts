import { afterEach, describe, expect, it } from "vitest";
import { Standalone } from "./standalone.ts";

describe("the page without a workbench", () => {
  let standalone: Standalone | undefined;
  afterEach(async () => {
    await standalone?.close();
    standalone = undefined;
  });

  it("says it is ready, once, and shows that a record is being read", async () => {
    standalone = await Standalone.open({ onReady: [{ type: "loading", fileName: "nightly.json", byteLength: 4_000_000 }] });
    await standalone.page.getByText("nightly.json").first().waitFor();
    expect(standalone.sent.filter(({ type }) => type === "ready")).toHaveLength(1);
    standalone.assertNoFaults();
  });

  it("shows why a record could not be opened, as text", async () => {
    standalone = await Standalone.open({ onReady: [{ type: "failed", error: { message: "<b>nightly.json</b> cannot be read" } }] });
    await standalone.page.getByText("<b>nightly.json</b> cannot be read").first().waitFor();
    standalone.assertNoFaults();
  });
});
