import { DEFAULT_LOG_CHOICE } from "../../../src/protocol/engine.ts";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { choicesFor, engineHarness, jsonText, placeOf, sampleRecord } from "./engineHarness.ts";
import { testFolder } from "./testFolder.ts";

const FILES = { ".harn-runs/a.json": jsonText(sampleRecord()), ".harn-runs/child.json": jsonText(sampleRecord({ id: "run_2" })) };
const recordIn = (folder: string): string => join(folder, ".harn-runs/a.json");

describe("a document", () => {
  it("is opened with its first view, and answers a page", async () => {
    const harness = engineHarness();
    const view = await harness.open(recordIn(testFolder(FILES)));
    expect(view).toMatchObject({ state: "record", fileName: "a.json", editable: true, revision: 1, problemCount: 0 });
    expect(view.header).toMatchObject({ runId: "run_1", workflowId: "wf" });
    const { rows } = await harness.page({ kind: "rows", start: 0, count: 10 });
    expect(rows.map(({ id }) => id)).toEqual(["stage:0"]);
    expect(harness.log).toEqual([]);
  });

  it("is opened from given bytes, whatever the disk holds", async () => {
    const harness = engineHarness();
    const view = await harness.open("/nowhere/x.run.json", new TextEncoder().encode(jsonText(sampleRecord({ id: "other" }))));
    expect(view.header?.runId).toBe("other");
  });

  it("makes requests that come while it is being opened wait", async () => {
    const harness = engineHarness();
    const path = recordIn(testFolder(FILES));
    const opening = harness.open(path);
    const attached = harness.ask({ kind: "attach", doc: "d", page: "p", state: null });
    const rows = harness.ask({ kind: "page", doc: "d", page: "p", request: { kind: "rows", start: 0, count: 1 } });
    await expect(Promise.all([opening, attached, rows])).resolves.toHaveLength(3);
  });

  it("is stale when it was never opened, closed, or could not be opened", async () => {
    const harness = engineHarness();
    const path = recordIn(testFolder(FILES));
    const asks = { kind: "offsetOf", doc: "d", rowId: "stage:0" } as const;
    expect((await harness.failure(asks)).code).toBe("stale");
    await harness.open(path);
    expect(await harness.ask(asks)).toBeGreaterThan(0);
    await harness.ask({ kind: "close", doc: "d" });
    expect((await harness.failure(asks)).code).toBe("stale");
    expect(
      (await harness.failure({ kind: "open", doc: "d", place: placeOf(`${path}.none`), content: null, log: DEFAULT_LOG_CHOICE })).code,
    ).toBe("notFound");
    expect((await harness.failure({ kind: "reload", doc: "d", content: null })).code).toBe("stale");
    await harness.ask({ kind: "close", doc: "d" });
    await harness.ask({ kind: "detach", doc: "d", page: "p" });
    await harness.ask({ kind: "dropPreview", doc: "d", token: "none" });
  });

  it("knows no page that was not attached, or was detached", async () => {
    const harness = engineHarness();
    await harness.open(recordIn(testFolder(FILES)));
    const rows = { kind: "page", doc: "d", page: "p", request: { kind: "rows", start: 0, count: 1 } } as const;
    expect((await harness.failure(rows)).code).toBe("stale");
    await harness.ask({ kind: "attach", doc: "d", page: "p", state: null });
    await harness.ask(rows);
    await harness.ask({ kind: "detach", doc: "d", page: "p" });
    expect((await harness.failure(rows)).code).toBe("stale");
  });

  it("is given up between steps when the request is cancelled", async () => {
    const harness = engineHarness();
    const path = recordIn(testFolder(FILES));
    expect(
      (await harness.failure({ kind: "open", doc: "d", place: placeOf(path), content: null, log: DEFAULT_LOG_CHOICE }, AbortSignal.abort()))
        .code,
    ).toBe("cancelled");
    await harness.open(path);
    const preview = { kind: "preview", doc: "d", choices: choicesFor(path) } as const;
    expect((await harness.failure(preview, AbortSignal.abort())).code).toBe("cancelled");
    // Nothing is left half done.
    expect((await harness.ask(preview)).unchanged).toBe(false);
  });

  it("turns a fault of our own into an answer, and the log keeps it", async () => {
    const harness = engineHarness({
      resolveStoredPath: () => {
        throw new TypeError("made by the test");
      },
    });
    await harness.open(recordIn(testFolder(FILES)));
    const error = await harness.failure({ kind: "resolvePath", doc: "d", stored: "x" });
    expect(error).toMatchObject({ code: "internal", detail: expect.stringContaining("made by the test") as string });
    expect(harness.log[0]).toContain("made by the test");
  });
});

describe("an edit", () => {
  it("is previewed, applied, undone, redone and written", async () => {
    const harness = engineHarness();
    const folder = testFolder(FILES);
    const path = recordIn(folder);
    const original = readFileSync(path, "utf8");
    await harness.open(path);
    const preview = await harness.ask({ kind: "preview", doc: "d", choices: choicesFor(path) });
    expect(preview).toMatchObject({ operation: "resave", fidelity: "lossless", unchanged: false, targetPath: path });
    expect(preview.totals.lost).toBe(0);
    expect(preview.changes.map((change) => change.path)).toContain("observability");
    expect(new TextDecoder().decode(await harness.ask({ kind: "previewText", doc: "d", token: preview.token, side: "before" }))).toBe(
      original,
    );
    const promised = await harness.ask({ kind: "previewText", doc: "d", token: preview.token, side: "after" });

    const { edit, view } = await harness.ask({ kind: "apply", doc: "d", token: preview.token });
    expect(edit).toBe(1);
    expect(view.revision).toBe(2);
    expect(await harness.ask({ kind: "bytes", doc: "d" })).toEqual(promised);
    expect(readFileSync(path, "utf8")).toBe(original);

    await harness.ask({ kind: "goto", doc: "d", edit: 0 });
    expect(new TextDecoder().decode(await harness.ask({ kind: "bytes", doc: "d" }))).toBe(original);
    await harness.ask({ kind: "goto", doc: "d", edit: 1 });
    expect(await harness.ask({ kind: "write", doc: "d", targetPath: path, expectUnchanged: true })).toEqual({ path });
    expect(readFileSync(path)).toEqual(Buffer.from(promised));
    expect(readdirSync(join(folder, ".harn-runs"))).toEqual(["a.json", "child.json"]);

    const saved = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    expect(saved["persisted_path"]).toBe(".harn-runs/a.json");
    expect(saved["x_team"]).toEqual({ cost: 1.5 });
    expect((await harness.ask({ kind: "preview", doc: "d", choices: choicesFor(path) })).unchanged).toBe(true);
  });

  it("shows what only the runtime's own fidelity would change, with the ids of the same preview", async () => {
    const harness = engineHarness();
    const path = recordIn(testFolder(FILES));
    await harness.open(path);
    const preview = await harness.ask({ kind: "preview", doc: "d", choices: choicesFor(path) });
    const only = preview.changes.filter(({ group }) => group === "runtimeOnly");
    expect(only.map((change) => change.path)).toEqual(["x_team"]);
  });

  it("keeps the record's own way of naming its file", async () => {
    const harness = engineHarness();
    const folder = testFolder({ ".harn-runs/a.json": jsonText(sampleRecord({ persisted_path: "./.harn-runs//a.json" })) });
    await harness.open(recordIn(folder));
    const { token } = await harness.ask({ kind: "preview", doc: "d", choices: choicesFor(recordIn(folder)) });
    await harness.ask({ kind: "apply", doc: "d", token });
    const saved = new TextDecoder().decode(await harness.ask({ kind: "bytes", doc: "d" }));
    expect(saved).toContain('"persisted_path": "./.harn-runs//a.json"');
  });

  it("normalises without touching the stored path", async () => {
    const harness = engineHarness();
    const path = recordIn(testFolder(FILES));
    await harness.open(path);
    const { token } = await harness.ask({
      kind: "preview",
      doc: "d",
      choices: choicesFor(path, { operation: "normalize", persistedPath: null }),
    });
    await harness.ask({ kind: "apply", doc: "d", token });
    const text = new TextDecoder().decode(await harness.ask({ kind: "bytes", doc: "d" }));
    expect(JSON.parse(text)).toMatchObject({ root_run_id: "run_1", persisted_path: null });
  });

  it("cannot be applied when the document changed since the preview", async () => {
    const harness = engineHarness();
    const path = recordIn(testFolder(FILES));
    await harness.open(path);
    const first = await harness.ask({ kind: "preview", doc: "d", choices: choicesFor(path) });
    const second = await harness.ask({
      kind: "preview",
      doc: "d",
      choices: choicesFor(path, { operation: "normalize", persistedPath: null }),
    });
    await harness.ask({ kind: "apply", doc: "d", token: second.token });
    for (const kind of ["apply", "previewText"] as const) {
      expect((await harness.failure({ kind, doc: "d", token: first.token, side: "after" })).code).toBe("stale");
    }
    expect((await harness.failure({ kind: "apply", doc: "d", token: "made up" })).code).toBe("stale");
    expect((await harness.failure({ kind: "goto", doc: "d", edit: 7 })).code).toBe("stale");
  });

  it("ends what could be redone when another edit is made", async () => {
    const harness = engineHarness();
    const path = recordIn(testFolder(FILES));
    await harness.open(path);
    const apply = async (operation: "normalize" | "resave"): Promise<number> => {
      const { token } = await harness.ask({ kind: "preview", doc: "d", choices: choicesFor(path, { operation }) });
      return (await harness.ask({ kind: "apply", doc: "d", token })).edit;
    };
    const undone = await apply("normalize");
    await harness.ask({ kind: "goto", doc: "d", edit: 0 });
    expect(await apply("resave")).toBeGreaterThan(undone);
    expect((await harness.failure({ kind: "goto", doc: "d", edit: undone })).code).toBe("stale");
  });

  it("keeps open rows open", async () => {
    const harness = engineHarness();
    const path = recordIn(testFolder(FILES));
    await harness.open(path);
    await harness.page({ kind: "expand", rowId: "stage:0", expanded: true, siblings: false });
    const rows = { kind: "page", doc: "d", page: "p", request: { kind: "rows", start: 0, count: 10 } } as const;
    const before = await harness.ask(rows);
    const { token } = await harness.ask({ kind: "preview", doc: "d", choices: choicesFor(path) });
    await harness.ask({ kind: "apply", doc: "d", token });
    expect(await harness.ask(rows)).toEqual(before);
    expect(before).toMatchObject({ total: 3 });
  });

  it("of a record the runtime refuses: refused in its fidelity with the place, possible in ours with a note", async () => {
    const harness = engineHarness();
    const folder = testFolder({ ".harn-runs/a.json": jsonText(sampleRecord({ usage: { input_tokens: "many" } })) });
    const path = recordIn(folder);
    const text = readFileSync(path, "utf8");
    await harness.open(path);
    const refused = await harness.failure({ kind: "preview", doc: "d", choices: choicesFor(path, { fidelity: "runtime" }) });
    expect(refused).toMatchObject({ code: "refused", offset: text.indexOf('"many"') });
    expect(refused.message).toContain("usage.input_tokens");
    const preview = await harness.ask({ kind: "preview", doc: "d", choices: choicesFor(path) });
    expect(preview.notes.join(" ")).toContain("would refuse this record");
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it("tells of a sidecar that lies outside and was not read", async () => {
    const harness = engineHarness();
    const folder = testFolder({ ".harn-runs/a.json": jsonText(sampleRecord({ persisted_path: "/etc/passwd.json" })) });
    await harness.open(recordIn(folder));
    const preview = await harness.ask({
      kind: "preview",
      doc: "d",
      choices: choicesFor(recordIn(folder), { operation: "normalize", persistedPath: null }),
    });
    expect(preview.notes.filter((note) => note.includes("outside"))).toHaveLength(1);
  });
});

describe("a file that changes while it is open", () => {
  it("is not overwritten when somebody else wrote it", async () => {
    const harness = engineHarness();
    const path = recordIn(testFolder(FILES));
    await harness.open(path);
    writeFileSync(path, "theirs");
    expect((await harness.failure({ kind: "write", doc: "d", targetPath: path, expectUnchanged: true })).code).toBe("changedOnDisk");
    expect(readFileSync(path, "utf8")).toBe("theirs");
    await harness.ask({ kind: "write", doc: "d", targetPath: path, expectUnchanged: false });
    expect(readFileSync(path, "utf8")).toBe(FILES[".harn-runs/a.json"]);
    // What we wrote ourselves is known.
    await harness.ask({ kind: "write", doc: "d", targetPath: path, expectUnchanged: true });
  });

  it("is not made again when somebody deleted it", async () => {
    const harness = engineHarness();
    const path = recordIn(testFolder(FILES));
    await harness.open(path);
    rmSync(path);
    expect((await harness.failure({ kind: "write", doc: "d", targetPath: path, expectUnchanged: true })).code).toBe("notFound");
    expect((await harness.failure({ kind: "reload", doc: "d", content: null })).code).toBe("notFound");
    // What was read is still there to be seen and saved.
    expect((await harness.page({ kind: "rows", start: 0, count: 1 })).total).toBe(1);
    await harness.ask({ kind: "write", doc: "d", targetPath: path, expectUnchanged: false });
    expect(statSync(path).isFile()).toBe(true);
  });

  it("is read again; with the same bytes the undo list stays, with others it begins anew", async () => {
    const harness = engineHarness();
    const path = recordIn(testFolder(FILES));
    await harness.open(path);
    const { token } = await harness.ask({ kind: "preview", doc: "d", choices: choicesFor(path) });
    await harness.ask({ kind: "apply", doc: "d", token });
    await harness.ask({ kind: "write", doc: "d", targetPath: path, expectUnchanged: true });
    expect((await harness.ask({ kind: "reload", doc: "d", content: null })).revision).toBe(2);
    await harness.ask({ kind: "goto", doc: "d", edit: 0 });
    writeFileSync(path, jsonText(sampleRecord({ id: "run_9" })));
    const view = await harness.ask({ kind: "reload", doc: "d", content: null });
    expect(view.header?.runId).toBe("run_9");
    expect((await harness.failure({ kind: "goto", doc: "d", edit: 1 })).code).toBe("stale");
    await harness.ask({ kind: "write", doc: "d", targetPath: path, expectUnchanged: true });
  });

  it("may be saved elsewhere, but over nothing when it is to be unchanged", async () => {
    const harness = engineHarness();
    const folder = testFolder(FILES);
    await harness.open(recordIn(folder));
    const other = join(folder, ".harn-runs/child.json");
    expect((await harness.failure({ kind: "write", doc: "d", targetPath: other, expectUnchanged: true })).code).toBe("changedOnDisk");
    await harness.ask({ kind: "write", doc: "d", targetPath: join(folder, "new.json"), expectUnchanged: true });
    expect(readFileSync(join(folder, "new.json"), "utf8")).toBe(FILES[".harn-runs/a.json"]);
  });
});

describe("places", () => {
  it("of rows and bytes are told as editors count them", async () => {
    const harness = engineHarness();
    const path = recordIn(testFolder(FILES));
    await harness.open(path);
    const offset = await harness.ask({ kind: "offsetOf", doc: "d", rowId: "child:0" });
    const lines = FILES[".harn-runs/a.json"].split("\n");
    const line = lines.findIndex((text) => text.includes("child_runs")) + 1;
    expect(await harness.ask({ kind: "positionOf", doc: "d", offset })).toEqual({ line, character: 4 });
    expect(await harness.ask({ kind: "offsetOf", doc: "d", rowId: "stage:99" })).toBe(-1);
    expect(await harness.ask({ kind: "positionOf", doc: "d", offset: 0 })).toEqual({ line: 0, character: 0 });
  });

  it("with unsaved edits are those of the file on disk", async () => {
    const harness = engineHarness();
    const record = { stages: [{ node_id: "plan", id: "s" }], id: "run_1", workflow_id: "wf", child_runs: [{ worker_id: "w" }] };
    const path = recordIn(testFolder({ ".harn-runs/a.json": JSON.stringify(record) }));
    await harness.open(path);
    const { token } = await harness.ask({ kind: "preview", doc: "d", choices: choicesFor(path) });
    await harness.ask({ kind: "apply", doc: "d", token });
    const offset = await harness.ask({ kind: "offsetOf", doc: "d", rowId: "child:0" });
    const text = JSON.stringify(record);
    expect(await harness.ask({ kind: "positionOf", doc: "d", offset })).toEqual({ line: 0, character: text.indexOf('{"worker_id"') });
    // A value that is not in the file yet: the container it will stand in.
    const current = new TextDecoder().decode(await harness.ask({ kind: "bytes", doc: "d" }));
    expect(await harness.ask({ kind: "positionOf", doc: "d", offset: current.indexOf('"run_record"') + 1 })).toEqual({
      line: 0,
      character: 0,
    });
  });

  it("do not count a byte order mark, as editors do not", async () => {
    const harness = engineHarness();
    const text = '{"workflow_id":"w","child_runs":[{"worker_id":"w"}]}';
    const path = recordIn(testFolder({ ".harn-runs/a.json": `\ufeff${text}` }));
    await harness.open(path);
    const offset = await harness.ask({ kind: "offsetOf", doc: "d", rowId: "child:0" });
    expect(await harness.ask({ kind: "positionOf", doc: "d", offset })).toEqual({ line: 0, character: text.indexOf('{"worker') });
  });
});

describe("a child run", () => {
  it.each([
    [".harn-runs/child.json", "present"],
    ["child.json", "present"],
    ["gone.json", "absent"],
    ["../../../../../../../../../etc/passwd", "outside"],
    ["/etc/passwd", "outside"],
    ["child.json\0.png", "unreadable"],
    ["command:workbench.action.quit", "unreadable"],
    ["", "unnamed"],
    [null, "unnamed"],
  ])("with the path %j is %s", async (run_path, presence) => {
    const harness = engineHarness();
    const folder = testFolder({ ...FILES, ".harn-runs/a.json": jsonText(sampleRecord({ child_runs: [{ worker_id: "w", run_path }] })) });
    await harness.open(recordIn(folder));
    const resolved = await harness.ask({ kind: "childPath", doc: "d", rowId: "child:0" });
    expect(resolved.presence).toBe(presence);
    expect(resolved.path).toBe(
      presence === "present" ? join(folder, ".harn-runs/child.json") : presence === "outside" ? "/etc/passwd" : null,
    );
    expect((await harness.page({ kind: "card", rowId: "child:0" }))?.record).toBe(presence);
  });

  it("is found under a place of the text, saved or not", async () => {
    const harness = engineHarness();
    const path = recordIn(testFolder(FILES));
    const lines = FILES[".harn-runs/a.json"].split("\n");
    const line = lines.findIndex((text) => text.includes('"worker_name"'));
    const hover = { kind: "hover", place: placeOf(path), version: 1, content: null, line, character: 12 } as const;
    const answer = await harness.ask(hover);
    expect(answer?.card).toMatchObject({ title: "helper", record: "present" });
    expect(answer?.range).toMatchObject({ startCharacter: 4, startLine: lines.findIndex((text) => text.includes("child_runs")) + 1 });
    expect(await harness.ask({ ...hover, line: 1 })).toBeNull();
    expect(await harness.ask({ ...hover, line: 100_000 })).toBeNull();
    // The same version is not read again; another one is.
    const unsaved = new TextEncoder().encode(FILES[".harn-runs/a.json"].replace("helper", "other"));
    expect((await harness.ask({ ...hover, version: 2, content: unsaved }))?.card.title).toBe("other");
    expect((await harness.ask({ ...hover, version: 2, content: new Uint8Array() }))?.card.title).toBe("other");
    expect(await harness.ask({ ...hover, version: 3, content: new Uint8Array() })).toBeNull();
    // Saved meanwhile.
    writeFileSync(path, FILES[".harn-runs/a.json"].replace("helper", "a longer name"));
    expect((await harness.ask(hover))?.card.title).toBe("a longer name");
    expect((await harness.failure({ ...hover, place: placeOf(`${path}.none`) })).code).toBe("notFound");
  });
});

describe("the latest run", () => {
  const started = (id: string, started_at: string, more: Record<string, unknown> = {}): string =>
    jsonText(sampleRecord({ id, started_at, ...more }));
  it("is the one that started last, by its own word, whatever its name and the file's time", async () => {
    const harness = engineHarness();
    const folder = testFolder({
      ".harn-runs/z.json": started("a", "1750000000"),
      ".harn-runs/m.json": started("b", "2026-03-01T10:00:00.123456789Z"),
      ".harn-runs/a.json": started("c", "1760000000.5"),
      "p/x.run.json": started("d", "0190163d-8694-739b-aea5-966c26f8ad91"),
      ".harn-runs/child.json": started("e", "1790000000", { parent_run_id: "b" }),
      ".harn-runs/flight.json": '{"_type":"flight_recording","started_at":"1799999999"}',
      ".harn-runs/broken.json": "{",
      ".harn-runs/empty.json": "",
      "package.json": '{"name":"x"}',
    });
    expect(await harness.ask({ kind: "latest", folders: [folder] })).toEqual({ path: join(folder, ".harn-runs/m.json") });
  });

  it("is found by its beginning, in a record still being written, and far down in one with sorted keys", async () => {
    const harness = engineHarness();
    const half = started("a", "1770000000", { stages: Array.from({ length: 2000 }, () => ({ id: "s", visible_text: "x".repeat(50) })) });
    const sorted = JSON.stringify({ artifacts: [{ text: "y".repeat(200_000) }], id: "b", started_at: "1780000000", workflow_id: "w" });
    const folder = testFolder({
      ".harn-runs/half.json": half.slice(0, half.length / 2),
      ".harn-runs/old.json": started("c", "1760000000"),
    });
    expect(await harness.ask({ kind: "latest", folders: [folder] })).toEqual({ path: join(folder, ".harn-runs/half.json") });
    writeFileSync(join(folder, ".harn-runs/sorted.json"), sorted);
    expect(await harness.ask({ kind: "latest", folders: [folder] })).toEqual({ path: join(folder, ".harn-runs/sorted.json") });
  });

  it("is a child run where there is no other, and none where there are no records", async () => {
    const harness = engineHarness();
    const folder = testFolder({ ".harn-runs/child.json": started("e", "1790000000", { parent_run_id: "b" }) });
    expect(await harness.ask({ kind: "latest", folders: [folder] })).toEqual({ path: join(folder, ".harn-runs/child.json") });
    expect(await harness.ask({ kind: "latest", folders: [testFolder(), "/nowhere"] })).toBeNull();
  });
});
