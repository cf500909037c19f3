import { isAbsolute, relative, sep } from "node:path";

/**
 * What a save writes into `persisted_path` where the record's own text does not name the target already (the engine looks at that): the
 * target relative to the base folder with `/`, or, outside the base folder, absolute.
 */
export function persistedPath(target: string, baseFolder: string): string {
  const inside = relative(baseFolder, target);
  if (inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return target;
  return inside.split(sep).join("/");
}
