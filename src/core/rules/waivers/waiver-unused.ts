import type { Rule } from '../../rule.ts';
import { WAIVE_PATH } from '../../waivers.ts';
import { findRule } from '../index.ts';

export const waiverUnused: Rule = {
  code: 'IOM902',
  name: 'waiver-unused',
  severity: { lint: 'warning', admission: 'none' },
  kinds: [],
  checkWaiver(holder, waiver, report) {
    const rule = findRule(waiver.rule);
    const name = rule === undefined ? waiver.rule : `${rule.code} ${rule.name}`;
    report({
      path: WAIVE_PATH,
      identity: `${holder.key}|${rule?.code ?? waiver.rule}`,
      message: `the waiver of ${name} waives nothing: there is no such finding on this object`,
      help: 'remove the waiver',
    });
  },
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
