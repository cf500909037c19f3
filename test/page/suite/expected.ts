import { join } from "node:path";
import { nodeFileSystem } from "../../../src/engine/ports/nodeFileSystem.ts";
import { recordPorts } from "../../../src/engine/ports/recordPorts.ts";
import { prepareNormalize, prepareSave } from "../../../src/record/prepareSave.ts";

/** What the record core makes of these bytes for a record of the story in `folder`, as text: what an edit in the editor has to come to. */
export async function expected(
  folder: string,
  bytes: Uint8Array,
  operation: "normalize" | "resave",
  fidelity: "lossless" | "runtime",
  persistedPath = "",
): Promise<string> {
  const ports = recordPorts(nodeFileSystem, { baseFolder: join(folder), roots: null, note: () => undefined }, null);
  const prepared =
    operation === "normalize"
      ? await prepareNormalize(bytes, { fidelity, rederive: false }, ports)
      : await prepareSave(bytes, { fidelity, rederive: false, path: persistedPath }, ports);
  if (!prepared.ok) throw new Error(prepared.message);
  return new TextDecoder().decode(prepared.bytes);
}
