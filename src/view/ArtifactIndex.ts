import type { RunRecord } from "../record/types.ts";

/**
 * Which row shows which artifact. The run's own list repeats those of its stages: an artifact with the id of a stage's is shown below
 * that stage only, and its other places are named there.
 */
export class ArtifactIndex {
  /** Places in `record.artifacts` of those no stage has. */
  readonly runOnly: readonly number[];
  /** Rows in the whole tree. */
  readonly rowCount: number;
  readonly #record: Pick<RunRecord, "stages" | "artifacts">;
  #rows: Map<string, string> | undefined;

  constructor(record: Pick<RunRecord, "stages" | "artifacts">) {
    this.#record = record;
    const inStages = new Set<string>();
    let rows = 0;
    for (const stage of record.stages) {
      for (const artifact of stage.artifacts) inStages.add(artifact.id);
      rows += stage.artifacts.length;
    }
    this.runOnly = record.artifacts.flatMap((artifact, index) => (artifact.id !== "" && inStages.has(artifact.id) ? [] : [index]));
    this.rowCount = rows + this.runOnly.length;
  }

  /** Id of the row of the first artifact with that id; null when there is none. */
  rowId(id: string): string | null {
    if (id === "") return null;
    if (this.#rows === undefined) {
      const rows = new Map<string, string>();
      const add = (artifactId: string, row: string): void => {
        if (!rows.has(artifactId)) rows.set(artifactId, row);
      };
      this.#record.stages.forEach((stage, at) => {
        stage.artifacts.forEach((artifact, index) => {
          add(artifact.id, `stage:${at}/artifact:${index}`);
        });
      });
      for (const index of this.runOnly) add(this.#record.artifacts[index]?.id ?? "", `artifact:${index}`);
      this.#rows = rows;
    }
    return this.#rows.get(id) ?? null;
  }

  /** Everywhere an artifact of that id is listed: stages, then null for the run's own list. */
  places(id: string): readonly (number | null)[] {
    const stages = this.#record.stages.flatMap((stage, at) => (stage.artifacts.some((artifact) => artifact.id === id) ? [at] : []));
    return this.#record.artifacts.some((artifact) => artifact.id === id) ? [...stages, null] : stages;
  }
}
