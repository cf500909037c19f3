import { formatCost } from "../../formatCost.ts";
import { formatDuration } from "../../formatDuration.ts";
import { joinNotes, plural } from "../../plainText.ts";
import { count, name, text, textWithin } from "../eventFields.ts";
import { counted, labelled, spaced } from "./EventWords.ts";
import type { Words } from "./EventWords.ts";

/** What went wrong, or nearly. By type of event (event log format, agent events). */
export const warningWords: Record<string, Words> = {
  budget_exhausted: (e) => {
    const [most, cost, clock] = [count(e, "max_iterations"), count(e, "cost_usd"), count(e, "wall_clock_ms")];
    return {
      ...labelled("warning", "Budget exhausted", spaced(name(e, "kind"))),
      text: joinNotes([
        most !== null && `at most ${plural(most, "iteration")}`,
        cost !== null && formatCost(cost),
        clock !== null && formatDuration(clock),
      ]),
    };
  },
  budget_circuit_breaker: (e) => {
    const paused = count(e, "paused_for_ms");
    return {
      ...labelled("warning", "Circuit breaker", spaced(name(e, "kind"))),
      text: joinNotes([counted(e, "consecutive_count", "in a row"), paused !== null && `paused for ${formatDuration(paused)}`]),
    };
  },
  loop_stuck: (e) => ({
    family: "warning",
    label: "Loop stuck",
    text: joinNotes([`at iteration ${count(e, "last_iteration") ?? "–"}`, text(e, "tail_excerpt")]),
  }),
  agent_loop_stall_warning: (e) => ({
    family: "warning",
    label: "Loop stalled",
    text: textWithin(e, "warning", ["message", "reason", "kind"]) ?? text(e, "warning"),
  }),
  daemon_watchdog_tripped: (e) => {
    const elapsed = count(e, "elapsed_ms");
    return {
      family: "warning",
      label: "Daemon watchdog tripped",
      text: joinNotes([counted(e, "attempts", "attempts"), elapsed !== null && `after ${formatDuration(elapsed)}`]),
    };
  },
  capability_gap: (e) => ({
    ...labelled("warning", "Capability gap", spaced(name(e, "capability"))),
    text: text(e, "message"),
    status: name(e, "level"),
  }),
};
