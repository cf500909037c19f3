import type { NodeId, Tape } from "./Tape.ts";

/** One value somewhere on some tape: a part of a record that stays JSON text until somebody opens it. */
export interface JsonSlice {
  readonly tape: Tape;
  readonly node: NodeId;
}
