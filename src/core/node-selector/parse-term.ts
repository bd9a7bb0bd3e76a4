import { isArray, isObject, type Json, own } from '../base/json.ts';
import type { Path } from '../base/path.ts';
import type { Faults } from './faults.ts';
import { parseRequirement } from './parse-requirement.ts';
import type { Requirement } from './types.ts';

/** Reads one entry of nodeSelectorTerms; undefined, and a fault, where it matches nothing. */
export function parseTerm(json: Json, path: Path, faults: Faults): readonly Requirement[] | undefined {
  if (!isObject(json)) {
    faults.wrongType(path, 'a term', 'an object with matchExpressions', json);
    return undefined;
  }
  const before = faults.count;
  const requirements: Requirement[] = [];
  const readable = [
    readList('label', own(json, 'matchExpressions'), [...path, 'matchExpressions'], requirements, faults),
    readList('field', own(json, 'matchFields'), [...path, 'matchFields'], requirements, faults),
  ];
  if (readable.includes(false)) return undefined;
  if (requirements.length === 0 && faults.count === before) {
    const message = 'a term without matchExpressions and matchFields matches no node';
    faults.add({ path, reason: 'empty-term', message });
    return undefined;
  }
  return requirements;
}

/** False where something in the list could not be read. */
function readList(
  kind: 'label' | 'field',
  json: Json | undefined,
  path: Path,
  into: Requirement[],
  faults: Faults,
): boolean {
  if (json === undefined || json === null) return true;
  if (!isArray(json)) {
    faults.wrongType(path, kind === 'label' ? 'matchExpressions' : 'matchFields', 'a list', json);
    return false;
  }
  let readable = true;
  for (const [index, each] of json.entries()) {
    const requirement = parseRequirement(kind, each, [...path, index], faults);
    if (requirement === undefined) readable = false;
    else into.push(requirement);
  }
  return readable;
}
