import { Derived } from '../base/derived.ts';
import { parseInteger } from './constraint.ts';
import { type KnownNode, NAME_FIELD, type Requirement, type Selection } from './types.ts';

/** Below this many values a scan is cheaper than a set. */
const FEW = 8;
const valueSets = new Derived<Requirement, ReadonlySet<string>>();

/**
 * True if the scheduler may put a pod with this selection on the node, as the required node affinity does:
 * https://github.com/kubernetes/component-helpers/blob/master/scheduling/corev1/nodeaffinity/nodeaffinity.go
 */
export function matches(selection: Selection, node: KnownNode): boolean {
  return selection.terms.some((term) => term.requirements.every((requirement) => holds(requirement, node)));
}

function holds(requirement: Requirement, node: KnownNode): boolean {
  if (requirement.kind === 'field') {
    // The scheduler skips field requirements of a node without a name.
    if (node.name === '') return true;
    const value = requirement.key === NAME_FIELD ? node.name : '';
    return hasValue(requirement, value) === (requirement.operator === 'In');
  }
  const { key, operator } = requirement;
  const value = Object.hasOwn(node.labels, key) ? node.labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && hasValue(requirement, value);
    case 'NotIn':
      return value === undefined || !hasValue(requirement, value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default: {
      const integer = value === undefined ? undefined : parseInteger(value);
      const bound = parseInteger(requirement.values[0] ?? '');
      if (integer === undefined || bound === undefined) return false;
      return operator === 'Gt' ? integer > bound : integer < bound;
    }
  }
}

function hasValue(requirement: Requirement, value: string): boolean {
  if (requirement.values.length <= FEW) return requirement.values.includes(value);
  let set = valueSets.get(requirement);
  if (set === undefined) {
    set = new Set(requirement.values);
    valueSets.set(requirement, set);
  }
  return set.has(value);
}
