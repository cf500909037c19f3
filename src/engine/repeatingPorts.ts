import type { RecordPorts, Sidecar } from "../record/ports.ts";

/**
 * Ports that answer the same again after `repeat`: the same ids in the same order, the same time, the same sidecars. So that two ways to
 * save one record differ by their rules alone, not by what is new in every run.
 */
export function repeatingPorts(ports: RecordPorts): { readonly ports: RecordPorts; readonly repeat: () => void } {
  const now = ports.now();
  const ids: string[] = [];
  const sidecars = new Map<string, Promise<Sidecar>>();
  let next = 0;
  return {
    ports: {
      now: () => now,
      newUuid() {
        const id = (ids[next] ??= ports.newUuid());
        next++;
        return id;
      },
      async readSidecar(path) {
        const known = sidecars.get(path) ?? ports.readSidecar(path);
        sidecars.set(path, known);
        return known;
      },
      activeLog: ports.activeLog,
    },
    repeat: () => {
      next = 0;
    },
  };
}
