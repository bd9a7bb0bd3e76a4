import { constrain, isEmpty } from './constraint.ts';
import { byKey, displayKey } from './normal.ts';
import type { Requirement, Term } from './types.ts';

/** Requirements of one key that no value satisfies together. */
export interface Contradiction {
  readonly key: string;
  /** Two where two suffice, else all up to the one that closes the last gap. */
  readonly requirements: readonly Requirement[];
}

/** Requirements times values beyond which the culprits on one key are not singled out, to keep the work linear. */
const MANY = 4096;

/** The first key of a term, as written, whose requirements contradict each other; undefined if none do. */
export function findContradiction(term: Term): Contradiction | undefined {
  for (const [key, requirements] of byKey(term) ?? []) {
    if (!isEmpty(constrain(requirements))) continue;
    return { key: displayKey(key), requirements: culprits(requirements) };
  }
  return undefined;
}

function culprits(requirements: readonly Requirement[]): readonly Requirement[] {
  const values = requirements.reduce((sum, each) => sum + each.values.length, requirements.length);
  if (requirements.length * values > MANY) return requirements;
  const until = requirements.findIndex((_, index) => isEmpty(constrain(requirements.slice(0, index + 1))));
  const last = requirements[until]!;
  const first = requirements.slice(0, until).find((each) => isEmpty(constrain([each, last])));
  if (isEmpty(constrain([last]))) return [last];
  return first === undefined ? requirements.slice(0, until + 1) : [first, last];
}
