import type { Waiver } from '../base/waivers.ts';
import type { Rule } from '../rule.ts';
import { objectRules } from './object-rules.ts';

/** The two rules about waivers. They need the list of the other rules, so they are not in it. */
export const WAIVER_RULES = {
  invalid: { code: 'IOM901', name: 'waiver-invalid' },
  unused: { code: 'IOM902', name: 'waiver-unused' },
} as const;

/** Code and name of every rule that a waiver may name. */
export const WAIVABLE: readonly Pick<Rule, 'code' | 'name'>[] = [
  ...objectRules,
  ...Object.values(WAIVER_RULES),
];

const WAIVABLE_BY_NAME = new Map(
  WAIVABLE.flatMap((rule) => [
    [rule.code.toLowerCase(), rule],
    [rule.name, rule],
  ]),
);

/** The rule that a waiver names by code or name, in any letter case; undefined if there is none. */
export function waivedRule({ rule }: Pick<Waiver, 'rule'>): Pick<Rule, 'code' | 'name'> | undefined {
  return WAIVABLE_BY_NAME.get(rule.toLowerCase());
}
