import { distance } from 'fastest-levenshtein';
import type { Operator } from './types.ts';

/** The operators, in the order messages list them. */
export const OPERATORS: readonly Operator[] = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'];

const KNOWN: ReadonlySet<string> = new Set(OPERATORS);

const OTHER_NAMES: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['=', 'In'],
  ['==', 'In'],
  ['!=', 'NotIn'],
  ['>', 'Gt'],
  ['<', 'Lt'],
  ['equal', 'In'],
  ['equals', 'In'],
  ['eq', 'In'],
  ['ne', 'NotIn'],
  ['notequal', 'NotIn'],
  ['notequals', 'NotIn'],
  ['notexist', 'DoesNotExist'],
  ['notexists', 'DoesNotExist'],
  ['greaterthan', 'Gt'],
  ['lessthan', 'Lt'],
]);

export function isOperator(text: string): text is Operator {
  return KNOWN.has(text);
}

/** The operator a misspelt one most likely means, or undefined. */
export function suggestOperator(text: string): Operator | undefined {
  if (text.length > 20) return undefined;
  const plain = text.toLowerCase().replace(/[\s_-]/g, '');
  const other = OTHER_NAMES.get(plain);
  if (other !== undefined) return other;
  let best: Operator | undefined;
  let nearest = 3;
  for (const operator of OPERATORS) {
    const steps = distance(plain, operator.toLowerCase());
    const allowed = operator.length <= 2 ? 0 : operator.length <= 5 ? 1 : 2;
    if (steps <= allowed && steps < nearest) {
      best = operator;
      nearest = steps;
    }
  }
  return best;
}
