import { WAIVER_RULES, waivedRule } from './waivable.ts';
import type { Resource } from '../base/model.ts';
import type { Violation, Rule } from '../rule.ts';
import { WAIVE_PATH, type Waiver } from '../base/waivers.ts';

export const waiverUnused: Rule = {
  ...WAIVER_RULES.unused,
  severity: { lint: 'warning', admission: 'none' },
  kinds: [],
};

/** What IOM902 reports of a waiver that no finding of the evaluated world needed. */
export function unusedWaiver(holder: Resource, waiver: Waiver): Violation {
  const rule = waivedRule(waiver);
  const name = rule === undefined ? waiver.rule : `${rule.code} ${rule.name}`;
  return {
    path: WAIVE_PATH,
    identity: `${holder.key}|${rule?.code ?? waiver.rule}`,
    message: `the waiver of ${name} waives nothing: there is no such finding on this object`,
    help: 'remove the waiver',
  };
}
