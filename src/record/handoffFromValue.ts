import type { JsonSlice } from "../json/JsonSlice.ts";
import { compileStruct } from "./codec.ts";
import { normalizeHandoffArtifact, targetDisplayName } from "./normalizeHandoff.ts";
import type { RecordPorts } from "./ports.ts";
import { HandoffArtifact as HandoffArtifactSchema } from "./schema/handoff.ts";
import { decodeSlice, isObject, memberOf, stringMember } from "./sliceAccess.ts";
import type { HandoffArtifact } from "./types.ts";

/** A handoff found inside a free value, normalised and complete; null when there is none (run record format, handoff sync). */
export function handoffFromValue(value: JsonSlice, ports: Pick<RecordPorts, "now" | "newUuid">): HandoffArtifact | null {
  if (!isObject(value)) return null;
  const type = stringMember(value, "_type");
  if (type === "handoff_artifact" || ["source_persona", "target_persona_or_human", "task"].every((key) => memberOf(value, key) !== null)) {
    return parseHandoff(value, ports);
  }
  if (type === "artifact" || stringMember(value, "kind") === "handoff") {
    const data = memberOf(value, "data");
    return (data && handoffFromValue(data, ports)) ?? parseHandoff(value, ports);
  }
  if (type === "agent_state_handoff") {
    for (const key of ["handoff", "summary"]) {
      const inner = memberOf(value, key);
      const found = inner && handoffFromValue(inner, ports);
      if (found) return found;
    }
  }
  return null;
}

function parseHandoff(value: JsonSlice, ports: Pick<RecordPorts, "now" | "newUuid">): HandoffArtifact | null {
  const handoff = decodeSlice(compileStruct(HandoffArtifactSchema), value) as HandoffArtifact | null;
  if (handoff === null) return null;
  normalizeHandoffArtifact(handoff, ports);
  const complete =
    handoff.source_persona !== "" &&
    targetDisplayName(handoff.target_persona_or_human) !== "unknown" &&
    handoff.task !== "" &&
    handoff.reason !== "" &&
    (handoff.route_decision === null || targetDisplayName(handoff.route_decision.target_persona_or_human) !== "unknown");
  return complete ? handoff : null;
}
