/** All rules: those about objects, and the two about waivers. */
import type { Rule } from '../rule.ts';
import { objectRules } from './object-rules.ts';
import { waiverInvalid } from './waiver-invalid.ts';
import { waiverUnused } from './waiver-unused.ts';

export const rules: readonly Rule[] = [...objectRules, waiverInvalid, waiverUnused];

const BY_NAME = new Map<string, Rule>();
for (const rule of rules) {
  BY_NAME.set(rule.code.toLowerCase(), rule);
  BY_NAME.set(rule.name, rule);
}

/** The rule of a code or a name, in any case. */
export function findRule(codeOrName: string): Rule | undefined {
  return BY_NAME.get(codeOrName.toLowerCase());
}
