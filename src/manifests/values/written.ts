import { at, type JsonObject } from '../../core/json.ts';
import { isPrefix, type Path } from '../../core/path.ts';
import {
  CHART_IMAGES,
  type ChartKind,
  OPERATOR_VERSION,
  valuesPath,
  ZBS_TAG_VALUES,
} from '../../core/values/chart.ts';

/**
 * Where merged values write a field of a rendered object: its own place, whether something stands there
 * or not, or for a tag that is put together, the part of it that somebody wrote.
 */
export function writtenPath(kind: ChartKind, field: Path, merged: JsonObject): Path {
  const path = valuesPath(kind, field);
  const image = CHART_IMAGES.find((each) => path.at(-1) === 'tag' && isPrefix(each.values, path));
  if (image === undefined || isWritten(merged, path)) return path;
  const parts = image.group === 'zbs' ? ZBS_TAG_VALUES : image.group === 'operator' ? [OPERATOR_VERSION] : [];
  return parts.find((part) => isWritten(merged, part)) ?? path;
}

function isWritten(merged: JsonObject, path: Path): boolean {
  const value = at(merged, path) ?? '';
  return value !== '';
}
