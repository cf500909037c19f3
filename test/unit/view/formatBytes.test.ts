import { expect, it } from "vitest";
import { formatBytes } from "../../../src/view/formatBytes.ts";

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [4100, "4.1 kB"],
  [9960, "10 kB"],
  [214_000, "214 kB"],
  [999_960, "1.0 MB"],
  [200_000_000, "200 MB"],
  [1_200_000_000, "1.2 GB"],
  [-1, "–"],
])("%s bytes read as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
