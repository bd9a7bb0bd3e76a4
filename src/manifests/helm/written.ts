import { at, type JsonObject } from '../../core/base/json.ts';
import { formatPath, isPrefix, type Path } from '../../core/base/path.ts';
import {
  CHART_IMAGES,
  type ChartKind,
  OPERATOR_VERSION,
  renderedFields,
  valuesPath,
  ZBS_TAG_VALUES,
} from '../../core/helm/chart.ts';

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

/** True where setting the value at a path sets the field, and nothing but it. */
export function isField(kind: ChartKind, field: Path, path: Path, merged: JsonObject): boolean {
  const target = renderedFields(path)[0];
  if (target?.kind !== kind || formatPath(target.path) !== formatPath(field)) return false;
  // What stands before every repository would stand before it twice.
  return path.at(-1) !== 'repository' || !isWritten(merged, ['global', 'registry']);
}
