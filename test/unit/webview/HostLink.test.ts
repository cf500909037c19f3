import { describe, expect, it } from "vitest";
import type { ToHost } from "../../../src/protocol/page.ts";
import { HostLink } from "../../../webview/HostLink.ts";

function linked(): { link: HostLink; sent: ToHost[]; ids: () => number[] } {
  const sent: ToHost[] = [];
  const link = new HostLink((message) => sent.push(message));
  return { link, sent, ids: () => sent.flatMap((message) => (message.type === "request" ? [message.id] : [])) };
}

describe("HostLink", () => {
  it("gives every request its own number and its own answer, whatever their order", async () => {
    const { link, ids } = linked();
    const first = link.request({ kind: "typeahead", prefix: "a", from: 0 });
    const second = link.request({ kind: "typeahead", prefix: "b", from: 0 });
    const [one = 0, two = 0] = ids();
    expect(one).not.toBe(two);
    link.receive({ type: "answer", id: two, ok: true, value: { index: 2, row: null } });
    link.receive({ type: "answer", id: one, ok: true, value: { index: 1, row: null } });
    expect(await first).toEqual({ kind: "value", value: { index: 1, row: null } });
    expect(await second).toEqual({ kind: "value", value: { index: 2, row: null } });
  });

  it("settles a failed request with the host's sentence", async () => {
    const { link, ids } = linked();
    const asked = link.request({ kind: "detail", rowId: "stage:0" });
    link.receive({ type: "answer", id: ids()[0]!, ok: false, error: { message: "The file is gone." } });
    expect(await asked).toEqual({ kind: "error", error: { message: "The file is gone." } });
  });

  it("settles what is under way as stale when the record changes, and ignores its late answer", async () => {
    const { link, ids } = linked();
    const asked = link.request({ kind: "detail", rowId: "stage:0" });
    link.dropPending();
    expect(await asked).toEqual({ kind: "stale" });
    link.receive({ type: "answer", id: ids()[0]!, ok: true, value: null });
    const again = link.request({ kind: "detail", rowId: "stage:0" });
    link.receive({ type: "answer", id: ids()[1]!, ok: true, value: null });
    expect(await again).toEqual({ kind: "value", value: null });
  });

  it("ignores answers to nothing and a second answer", async () => {
    const { link, ids } = linked();
    link.receive({ type: "answer", id: 99, ok: true, value: null });
    const asked = link.request({ kind: "card", rowId: "stage:0" });
    link.receive({ type: "answer", id: ids()[0]!, ok: true, value: null });
    link.receive({ type: "answer", id: ids()[0]!, ok: false, error: { message: "late" } });
    expect(await asked).toEqual({ kind: "value", value: null });
  });
});
