import { WAIVER_RULES, waivedRule } from './waivable.ts';
import type { Resource } from '../base/model.ts';
import type { Violation, Rule } from '../rule.ts';
import { WAIVE_PATH, type Waiver } from '../base/waivers.ts';

export const waiverUnused: Rule = {
  ...WAIVER_RULES.unused,
  severity: { lint: 'warning', admission: 'none' },
  kinds: [],
  doc: {
    summary: 'A waiver waives nothing: its rule finds nothing on that object.',
    why: `The fault it stood for is mended, or the waiver stands on the wrong object. Left there, it would silence the next
fault of that kind, which nobody has looked at. Only where the whole input is judged can this be told.`,
    bad: `# replicas: 3, nothing to waive
annotations:
  iomesh-guard.io/waive: "IOM603=4 for the move from 5 to 3"`,
    good: `# no annotation`,
    remedy: `Remove the waiver, or move it to the object that the finding is on. Rules that judge only a change, such as IOM604, are
not looked at here.`,
    basis: 'inferred (our own convention).',
  },
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
