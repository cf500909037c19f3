import { oneLine } from "../../../view/plainText.ts";
import type { RecordCalls } from "../../../view/sessions/RecordCalls.ts";
import type { SessionPlaces } from "../../../view/sessions/sessionTable.ts";
import type { SessionRow } from "../../../view/sessions/TimelineEntry.ts";
import type { AroundContext } from "../AroundPart.ts";

/** Where in the present record sessions and their rows belong. */
export class SessionPlacesOfRecord implements SessionPlaces {
  readonly #context: Pick<AroundContext, "state" | "stages">;
  readonly #calls: () => RecordCalls;
  /** Rows of the tree found before: each query over a table asks for those of all its rows. */
  #known = new WeakMap<SessionRow, string | null>();
  #knownFor: readonly [unknown, unknown] = [null, null];

  constructor(context: Pick<AroundContext, "state" | "stages">, calls: () => RecordCalls) {
    this.#context = context;
    this.#calls = calls;
  }

  stageOf(row: SessionRow): number | null {
    const session = row.level === 1 ? row : row.session;
    const ms = row.level === 1 ? row.firstMs : (row.startMs ?? session.firstMs);
    const { stages, state } = this.#context;
    if (session.origin?.kind === "child") {
      const rowId = state.tree.stageRowId(state.reading.record.child_runs[session.origin.child]?.parent_stage_id ?? "");
      if (rowId !== null) return Number(rowId.slice("stage:".length));
    }
    return stages.find(session.sessionId, ms);
  }

  stageName(stage: number | null): string {
    return stage === null ? "" : this.#context.stages.name(stage);
  }

  treeRow(row: SessionRow): string | null {
    const { stages } = this.#context;
    const calls = this.#calls();
    if (this.#knownFor[0] !== stages || this.#knownFor[1] !== calls) {
      this.#known = new WeakMap();
      this.#knownFor = [stages, calls];
    }
    let rowId = this.#known.get(row);
    if (rowId === undefined) {
      rowId = this.#findTreeRow(row);
      this.#known.set(row, rowId);
    }
    return rowId;
  }

  #findTreeRow(row: SessionRow): string | null {
    const { stages } = this.#context;
    if (row.level === 2 && row.join?.kind === "tool") {
      const call = this.#calls().calls.get(row.join.id) ?? this.#calls().recordings.get(row.join.id);
      if (call !== undefined) return call;
    }
    if (row.level === 1 && row.origin?.kind === "child") return `child:${row.origin.child}`;
    return stages.rowId(this.stageOf(row));
  }

  childName(child: number): string {
    const run = this.#context.state.reading.record.child_runs[child];
    return run === undefined ? "–" : oneLine(run.worker_name || run.worker_id, 80) || `${child + 1}`;
  }
}
