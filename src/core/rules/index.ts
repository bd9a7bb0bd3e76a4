/** The catalogue: every rule, in order of its code. */
import type { Rule } from '../rule.ts';

export const rules: readonly Rule[] = [];

const BY_NAME = new Map<string, Rule>();
for (const rule of rules) {
  BY_NAME.set(rule.code.toLowerCase(), rule);
  BY_NAME.set(rule.name, rule);
}

/** The rule of a code or a name, in any case. */
export function findRule(codeOrName: string): Rule | undefined {
  return BY_NAME.get(codeOrName.toLowerCase());
}
