import type { AroundRow } from "../aroundRows.ts";
import { formatTokens } from "../formatTokens.ts";
import { joinNotes, oneLine } from "../plainText.ts";
import type { DetailSection } from "../types.ts";
import { turnDuration, turnStart, turnStatus } from "./TurnRow.ts";
import type { TurnRow } from "./TurnRow.ts";

/** A model turn as a row of the tree, below its stage. */
export function turnTreeRow(row: TurnRow): AroundRow {
  const { answer } = row.turn;
  const tokens =
    answer === null || (answer.tokensIn === null && answer.tokensOut === null) ? null : (answer.tokensIn ?? 0) + (answer.tokensOut ?? 0);
  return {
    id: row.id,
    kind: "modelTurn",
    label: `turn ${row.numberInStage}`,
    note: turnNote(row),
    status: turnStatus(row),
    startMs: turnStart(row.turn),
    durationMs: turnDuration(row.turn),
    tokens,
    cost: answer === null || answer.costUsd === null ? null : { usd: answer.costUsd, atLeast: false },
  };
}

/** `claude-sonnet-4-6 · 1.2k → 340`. */
function turnNote({ turn }: TurnRow): string {
  const { answer } = turn;
  const tokens = answer === null ? null : `${count(answer.tokensIn)} → ${count(answer.tokensOut)}`;
  return joinNotes([oneLine(turn.model, 80), tokens, oneLine(answer?.head ?? turn.errors.at(-1)?.message ?? "", 80)]);
}

function count(tokens: number | null): string {
  return tokens === null ? "–" : formatTokens(tokens);
}

/** Turns of a stage named in the stage's own detail. */
const LISTED = 5;

/** What a stage's detail says of its model turns; nothing where it has none. */
export function stageTurnsSection(rows: readonly TurnRow[]): DetailSection[] {
  const first = rows[0];
  if (first === undefined) return [];
  const items = rows
    .slice(0, LISTED)
    .map((row) => ({
      name: `turn ${row.numberInStage}`,
      value: joinNotes([turnNote(row), turnStatus(row).text]),
      tone: turnStatus(row).tone,
      link: { kind: "tableRow", table: "turns", rowId: row.id } as const,
    }));
  if (rows.length > LISTED) {
    const all = `all ${rows.length.toLocaleString("en-US")}`;
    items.push({ name: "…", value: all, tone: "neutral", link: { kind: "tableRow", table: "turns", rowId: first.id } });
  }
  return [{ kind: "list", title: "Model turns", items }];
}
