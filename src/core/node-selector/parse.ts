import { isArray, isObject, type Json, type JsonObject, own } from '../base/json.ts';
import type { Path } from '../base/path.ts';
import { findContradiction } from './contradiction.ts';
import { Faults } from './faults.ts';
import { type NodeSelector, parseNodeSelector } from './parse-node-selector.ts';
import { parseTerm } from './parse-term.ts';
import type { Placement, Requirement, Selection, Term } from './types.ts';
import { quote, sayAll } from './words.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** The nodeSelector's labels times the terms it joins may not be more. */
export const MAX_JOINED = 100_000;

/**
 * Reads where a component may land from its `podPolicy` (a ZookeeperCluster's `spec.pod` has the same
 * fields): `nodeSelector`, and the required node affinity. `path` says where the podPolicy stands.
 *
 * Never throws. What the scheduler could not read matches nothing and is named in `faults`, as is each
 * term that no node can satisfy; at most a thousand faults are listed. A podPolicy, affinity or
 * nodeAffinity of a wrong type is read as absent. A nodeSelector too large to join every term (see
 * {@link MAX_JOINED}) is left out, so that the terms match more than they should, and is a fault.
 */
export function parsePlacement(podPolicy: Json | undefined, path: Path): Placement {
  const faults = new Faults();
  const policy = objectAt(podPolicy, path, String(path.at(-1) ?? 'podPolicy'), faults);
  const affinityPath = [...path, 'affinity'];
  const affinity = objectAt(own(policy, 'affinity'), affinityPath, 'affinity', faults);
  const nodeAffinityPath = [...affinityPath, 'nodeAffinity'];
  const nodeAffinity = objectAt(own(affinity, 'nodeAffinity'), nodeAffinityPath, 'nodeAffinity', faults);
  const required = own(nodeAffinity, REQUIRED) ?? undefined;
  const nodeSelectorPath = [...path, 'nodeSelector'];
  const nodeSelector = parseNodeSelector(own(policy, 'nodeSelector'), nodeSelectorPath, faults);
  const selects = nodeSelector.unreadable || nodeSelector.requirements.length > 0;

  let selection: Selection | undefined;
  let place: Path = nodeSelectorPath;
  if (required !== undefined) {
    place = [...nodeAffinityPath, REQUIRED];
    selection = parseRequired(required, place, nodeSelector, nodeSelectorPath, faults);
  } else if (selects) {
    const { requirements, unreadable } = nodeSelector;
    selection = { terms: unreadable ? [] : [{ requirements, path: nodeSelectorPath }] };
  } else {
    place = deepest(path, affinityPath, affinity, nodeAffinityPath, nodeAffinity);
  }
  const preferred = own(nodeAffinity, PREFERRED);
  const preferredOnly = selection === undefined && isArray(preferred) && preferred.length > 0;
  return { selection, preferredOnly, faults: faults.list, path: place };
}

function parseRequired(
  required: Json,
  path: Path,
  nodeSelector: NodeSelector,
  nodeSelectorPath: Path,
  faults: Faults,
): Selection {
  if (!isObject(required)) {
    faults.wrongType(path, REQUIRED, 'an object with nodeSelectorTerms', required);
    return { terms: [] };
  }
  const list = own(required, 'nodeSelectorTerms');
  const listPath = [...path, 'nodeSelectorTerms'];
  if (list !== undefined && list !== null && !isArray(list)) {
    faults.wrongType(listPath, 'nodeSelectorTerms', 'a list', list);
    return { terms: [] };
  }
  if (list === undefined || list === null || list.length === 0) {
    const message = `${REQUIRED} without nodeSelectorTerms matches no node`;
    faults.add({ path: list === undefined ? path : listPath, reason: 'no-terms', message });
    return { terms: [] };
  }
  let joined = nodeSelector.requirements;
  if (joined.length * list.length > MAX_JOINED) {
    const message = `nodeSelector with ${joined.length} labels beside ${list.length} terms is too large to judge`;
    faults.add({ path: nodeSelectorPath, reason: 'invalid', message });
    joined = [];
  }
  const terms: Term[] = [];
  const selectable = findContradiction({ requirements: joined, path }) === undefined;
  for (const [index, each] of list.entries()) {
    const termPath = [...listPath, index];
    const before = faults.count;
    const own = parseTerm(each, termPath, faults);
    if (own === undefined) continue;
    const term: Term = { requirements: [...joined, ...own], path: termPath };
    if (faults.count === before && selectable) nameContradiction(term, nodeSelectorPath, faults);
    terms.push(term);
  }
  return { terms: nodeSelector.unreadable ? [] : terms };
}

function nameContradiction(term: Term, nodeSelectorPath: Path, faults: Faults): void {
  const found = findContradiction(term);
  if (found === undefined) return;
  const { key, requirements } = found;
  const isNodeSelector = (each: Requirement) => each.path.at(nodeSelectorPath.length - 1) === 'nodeSelector';
  const asks = requirements.some(isNodeSelector)
    ? 'nodeSelector and this term together: they require'
    : 'this term: it requires';
  const message = `no node can satisfy ${asks} that ${quote(key)} ${sayAll(requirements)}`;
  faults.add({ path: requirements.at(-1)!.path, reason: 'contradiction', message });
}

/** An object, or undefined where there is none; one of another type is a fault. */
function objectAt(value: Json | undefined, path: Path, what: string, faults: Faults): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (isObject(value)) return value;
  faults.wrongType(path, what, 'an object', value);
  return undefined;
}

function deepest(
  path: Path,
  affinityPath: Path,
  affinity: JsonObject | undefined,
  nodeAffinityPath: Path,
  nodeAffinity: JsonObject | undefined,
): Path {
  if (nodeAffinity !== undefined) return nodeAffinityPath;
  return affinity === undefined ? path : affinityPath;
}
