import { describe, expect, it } from "vitest";
import { LogPermission } from "../../../src/editor/logPermission.ts";

/** A permission whose questions are answered from a list; `questions` tells what was asked. */
function permissionWith(answers: readonly ("allow" | "notNow")[], { trusted = true, remembered = [] as readonly string[] } = {}) {
  const world = { trusted, remembered, questions: [] as string[] };
  const left = [...answers];
  const permission = new LogPermission({
    isTrusted: () => world.trusted,
    remembered: () => world.remembered,
    remember(paths) {
      world.remembered = paths;
      return Promise.resolve();
    },
    ask(path) {
      world.questions.push(path);
      const answer = left.shift();
      return answer === undefined ? new Promise(() => undefined) : Promise.resolve(answer);
    },
  });
  return { permission, world };
}

describe("the permission to read a log outside of the workspace", () => {
  it("is asked for once and remembered when it is given", async () => {
    const { permission, world } = permissionWith(["allow", "allow"]);
    expect(await permission.ask("/a", false)).toBe(true);
    expect(permission.allowed).toEqual(["/a"]);
    expect(await permission.ask("/a", false)).toBe(false);
    expect(await permission.ask("/b", false)).toBe(true);
    expect(world).toMatchObject({ questions: ["/a", "/b"], remembered: ["/a", "/b"] });
  });

  it("is not asked for again after Not Now, unless the user wants it", async () => {
    const { permission, world } = permissionWith(["notNow", "allow"]);
    expect(await permission.ask("/a", false)).toBe(false);
    expect(await permission.ask("/a", false)).toBe(false);
    expect(world).toMatchObject({ questions: ["/a"], remembered: [] });
    expect(await permission.ask("/a", true)).toBe(true);
    expect(world).toMatchObject({ questions: ["/a", "/a"], remembered: ["/a"] });
  });

  it("is not asked for twice while the question stands", async () => {
    const { permission, world } = permissionWith([]);
    void permission.ask("/a", false);
    expect(await permission.ask("/a", false)).toBe(false);
    expect(world.questions).toEqual(["/a"]);
  });

  it("is neither asked for nor used in an untrusted workspace, and asked for once that is trusted", async () => {
    const { permission, world } = permissionWith(["allow"], { trusted: false, remembered: ["/b"] });
    expect(await permission.ask("/a", false)).toBe(false);
    expect(await permission.ask("/a", true)).toBe(false);
    expect(permission.allowed).toEqual([]);
    expect(world.questions).toEqual([]);
    world.trusted = true;
    expect(permission.allowed).toEqual(["/b"]);
    expect(await permission.ask("/a", false)).toBe(true);
    expect(world.remembered).toEqual(["/b", "/a"]);
  });

  it("is not remembered when trust was taken back meanwhile", async () => {
    const { permission, world } = permissionWith(["allow"]);
    const asked = permission.ask("/a", false);
    world.trusted = false;
    expect(await asked).toBe(false);
    expect(world.remembered).toEqual([]);
  });
});
