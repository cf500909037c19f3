/** Artifacts of runs and stages (run record format, ArtifactRecord). */
import { any, f64, i64, list, map, nullable, str, struct, usize } from "./fields.ts";

export const ArtifactRecord = struct("ArtifactRecord", {
  _type: str(),
  id: str(),
  kind: str(),
  title: nullable(str()),
  text: nullable(str()),
  data: nullable(any()),
  source: nullable(str()),
  created_at: str(),
  freshness: nullable(str()),
  priority: nullable(i64()),
  lineage: list(str()),
  relevance: nullable(f64()),
  estimated_tokens: nullable(usize()),
  stage: nullable(str()),
  metadata: map(any()),
});
