import type { RecordPlace } from "../protocol/engine.ts";
import type { ChildFileFacts } from "../view/childCard.ts";
import type { EnginePorts } from "./EnginePorts.ts";

/** Whether the record a child run names is there, for its card; the usual sentence stands where there is nothing to add. */
export async function childFileFacts(
  runPath: string | null,
  place: RecordPlace,
  ports: Pick<EnginePorts, "resolveStoredPath">,
): Promise<ChildFileFacts> {
  if (runPath === null) return { record: "unnamed" };
  const { presence, note } = await ports.resolveStoredPath(runPath, place);
  return presence === "unreadable" ? { record: presence, note } : { record: presence };
}
