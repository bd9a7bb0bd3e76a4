import type { Related } from './finding.ts';
import { at, typeName } from './base/json.ts';
import { displayName, type Resource } from './base/model.ts';
import { formatPath, type Path } from './base/path.ts';
import { quoted } from './base/text.ts';

/** A field on the other side of a finding, with its value: `iomesh-system/iomesh, spec.meta.image.tag: "v1.0.1"`. */
export function fieldOf(resource: Resource, path: Path): Related {
  const value = at(resource.json, path);
  let shown = 'not set';
  if (typeof value === 'string') shown = quoted(value);
  else if (typeof value === 'object' && value !== null) shown = typeName(value);
  else if (value !== undefined && value !== null) shown = String(value);
  return { resource, path, message: `${displayName(resource.ref)}, ${formatPath(path)}: ${shown}` };
}

/** An object as a whole on the other side of a finding, shown at its name. */
export function objectAt(resource: Resource, message: string): Related {
  return { resource, path: ['metadata', 'name'], message };
}
