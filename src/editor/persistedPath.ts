import { isAbsolute, relative, resolve, sep } from "node:path";

/**
 * What a save writes into `persisted_path`: the record's own text where that names the target from the base folder, else the
 * target relative to the base folder with `/`, else (outside the base folder) absolute.
 */
export function persistedPath(target: string, baseFolder: string, stored: string | null): string {
  if (stored !== null && stored !== "" && resolve(baseFolder, stored) === resolve(target)) return stored;
  const inside = relative(baseFolder, target);
  if (inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return target;
  return inside.split(sep).join("/");
}
