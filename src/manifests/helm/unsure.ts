import { at, isObject, type JsonObject } from '../../core/base/json.ts';
import type { Resource } from '../../core/base/model.ts';
import { formatPath, type Path } from '../../core/base/path.ts';
import { CHART_SECTIONS } from '../../core/helm/chart.ts';
import { valueErrors } from '../../core/helm/value-errors.ts';

const SECTIONS = new Set(CHART_SECTIONS.map(({ path }) => formatPath(path)));
/** Of a misplaced section no more keys are looked at. */
const MAX_KEYS = 100;

/**
 * The places of merged values that are not to be relied on, because IOM801 or IOM802 speaks of them
 * already: what a misplaced key was meant to set, and what stands beside its parent.
 */
export function unsurePlaces(values: Resource, merged: JsonObject): readonly Path[] {
  const { ignored, nullParents } = valueErrors(values);
  return [
    ...ignored.flatMap(({ path, intended }) =>
      [intended.path, ...intended.others].flatMap((to) => emptyPlaces(values.json, path, to, merged)),
    ),
    ...nullParents.flatMap(({ path, children }) => [path, ...children]),
  ];
}

/** The places that a key would have filled if it stood at `to`, as far as nothing else fills them. */
function emptyPlaces(json: JsonObject, from: Path, to: Path, merged: JsonObject): readonly Path[] {
  const moved = at(json, from);
  if (isObject(moved) && SECTIONS.has(formatPath(to)))
    return Object.keys(moved)
      .slice(0, MAX_KEYS)
      .flatMap((key) => emptyPlaces(json, [...from, key], [...to, key], merged));
  return (at(merged, to) ?? null) === null ? [to] : [];
}
