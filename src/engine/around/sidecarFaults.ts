import type { SidecarFaultKind, SidecarFaults } from "../../eventlog/sidecar/ModelTurn.ts";
import { plural } from "../../view/plainText.ts";

const WORDS: Readonly<Record<SidecarFaultKind, (count: number) => string>> = {
  notJson: (count) => plural(count, "broken line"),
  notUtf8: (count) => `${plural(count, "line")} with bytes that are no UTF-8`,
  tooLong: (count) => `${plural(count, "line")} too long to be read`,
};

/** What could not be read of a transcript, a sentence each: "3 broken lines: 12, 40, 41". `unfinished`: number of a last line that is cut. */
export function sidecarFaults(faults: readonly SidecarFaults[], unfinished: number | null): string[] {
  const told = faults.map(({ kind, count, lines }) => {
    const more = count > lines.length ? ` and ${(count - lines.length).toLocaleString("en-US")} more` : "";
    return `${WORDS[kind](count)}: ${lines.join(", ")}${more}`;
  });
  if (unfinished !== null) told.push(`1 broken line: ${unfinished}. It is the last and has no end yet: it may still be being written.`);
  return told;
}
