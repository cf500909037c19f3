import { dirname, isAbsolute, join, resolve } from "node:path";
import { isInside } from "../engine/ports/isInside.ts";
import { nodeFileSystem } from "../engine/ports/nodeFileSystem.ts";
import { CommandFault } from "./CommandFault.ts";

/**
 * Where the runtime saves a record that is given no path: `<run id>.json` in `$HARN_RUN_DIR`, else in `.harn-runs` of the working folder
 * (run record format, ids and paths). The id is not cleaned by the runtime, so it may lead anywhere: outside of the working folder
 * (symbolic links followed) this rejects, unless that is allowed.
 */
export async function defaultRunPath(
  cwd: string,
  runId: string,
  options: { readonly env: Readonly<Record<string, string | undefined>>; readonly allowOutside: boolean },
): Promise<string> {
  const path = joinLikeRuntime(defaultRunDir(cwd, options.env), `${runId}.json`);
  if (options.allowOutside) return path;
  const folder = await realPathOfNearest(resolve(cwd));
  if (isInside(resolve(cwd), resolve(path)) && isInside(folder, await realPathOfNearest(resolve(path)))) return path;
  throw new CommandFault(`the default path for this run, ${path}, is outside the working folder; give a path, or --allow-outside`);
}

/** `$HARN_RUN_DIR` unless it is blank, else `.harn-runs`; relative ones are meant from the working folder. */
function defaultRunDir(cwd: string, env: Readonly<Record<string, string | undefined>>): string {
  const named = env["HARN_RUN_DIR"];
  return named !== undefined && named.trim() !== "" ? joinLikeRuntime(cwd, named) : joinLikeRuntime(cwd, ".harn-runs");
}

/** Puts two paths together without tidying them up; an absolute second one stands alone. */
function joinLikeRuntime(folder: string, path: string): string {
  if (isAbsolute(path)) return path;
  return folder.endsWith("/") ? `${folder}${path}` : `${folder}/${path}`;
}

/** The real path of a file that may not be there yet: that of its nearest existing folder, and the rest as it is. */
async function realPathOfNearest(path: string): Promise<string> {
  try {
    return await nodeFileSystem.realPath(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(await realPathOfNearest(above), path.slice(above.length));
  }
}
