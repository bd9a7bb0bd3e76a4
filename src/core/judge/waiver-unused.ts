import type { WaiverSettings } from '../base/config.ts';
import { WAIVER_RULES, waivedRule } from './waivable.ts';
import type { Resource } from '../base/model.ts';
import type { Violation, Rule } from '../rule.ts';
import { WAIVE_PATH, type Waiver } from '../base/waivers.ts';

export const waiverUnused: Rule = {
  ...WAIVER_RULES.unused,
  severity: { lint: 'warning', admission: 'none' },
  kinds: [],
};

/** The violation of IOM902 for a waiver that matches no finding of the world. */
export function unusedWaiver(
  holder: Resource,
  waiver: Waiver,
  { annotations }: Pick<WaiverSettings, 'annotations'>,
): Violation {
  const rule = waivedRule(waiver);
  const name = rule === undefined ? waiver.rule : `${rule.code} (${rule.name})`;
  return {
    path: WAIVE_PATH,
    span: waiver.comment,
    identity: `${holder.key}|${rule?.code ?? waiver.rule}`,
    ...(annotations === 'none'
      ? {
          message: `the waiver of ${name} has no effect: waivers.annotations of the configuration is none`,
          help: 'remove the waiver; an administrator can add it to waivers.exceptions of the configuration',
        }
      : {
          message: `the waiver of ${name} is unused: ${waiver.comment === undefined ? 'this object has' : 'the objects here have'} no such finding`,
          help: 'remove the waiver',
        }),
  };
}
