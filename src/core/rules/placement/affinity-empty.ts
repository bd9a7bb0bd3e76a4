import { clusterOf, placementsOf } from '../../iomesh/cluster.ts';
import type { Fix } from '../../finding.ts';
import { at, type Json } from '../../base/json.ts';
import type { Rule } from '../../rule.ts';
import type { SelectionFault } from '../../node-selector/index.ts';
import { PLACED_KINDS, usableSelection } from '../../iomesh/placement.ts';
import { quoted } from '../../base/text.ts';

/** The reasons for which the apiserver refuses the pods; other terms beside it do not help. */
const REFUSED: ReadonlySet<SelectionFault['reason']> = new Set([
  'no-terms',
  'no-values',
  'unknown-operator',
  'invalid',
]);

const HELP: Readonly<Record<SelectionFault['reason'], string>> = {
  'no-terms': 'list at least one term that selects the nodes of this cluster',
  'empty-term': 'give the term its matchExpressions; mind that they are indented below it',
  'no-values': 'list the values, such as the hostnames of the nodes of this cluster',
  'unknown-operator': 'use one of In, NotIn, Exists, DoesNotExist, Gt, Lt',
  contradiction: 'drop one of the requirements that exclude each other',
  invalid: 'write a requirement that a node can meet',
};

/** IOM104: a node selector that matches no node, so that the component's pods never run. */
export const affinityEmpty: Rule = {
  code: 'IOM104',
  name: 'affinity-empty',
  severity: { lint: 'error', admission: 'deny' },
  // A dead term beside one that selects nodes does no harm.
  minor: { lint: 'warning', admission: 'warn' },
  fix: 'unsafe',
  kinds: PLACED_KINDS,
  check(subject, world, report) {
    if (clusterOf(subject.ref) === undefined) return;
    for (const each of placementsOf(world, subject)) {
      const alive = usableSelection(each) !== undefined;
      const seen = new Map<string, number>();
      for (const fault of each.placement.faults) {
        if (fault.wrongType === true) continue;
        const identity = identify(subject.key, fault, at(subject.json, fault.path), seen);
        const fix = fixOf(fault);
        report({
          path: fault.path,
          message: `${each.component} can run on no node: ${fault.message}`,
          help: fault.suggestion === undefined ? HELP[fault.reason] : `write ${quoted(fault.suggestion)}`,
          identity,
          minor: alive && !REFUSED.has(fault.reason),
          ...(fix === undefined ? {} : { fix }),
        });
      }
    }
  },
};

/**
 * Each wrong place is a finding of its own, whose identity survives that its neighbours move: the n-th
 * of its kind with that value.
 */
function identify(object: string, fault: SelectionFault, value: Json | undefined, seen: Map<string, number>) {
  const where = fault.path.map((step) => (typeof step === 'number' ? '[]' : step)).join('.');
  const what = [object, where, fault.reason, JSON.stringify(value, exact)].join('|');
  const nth = seen.get(what) ?? 0;
  seen.set(what, nth + 1);
  return `${what}|${nth}`;
}

function exact(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

function fixOf({ path, suggestion }: SelectionFault): Fix | undefined {
  if (suggestion === undefined) return undefined;
  return {
    safety: 'unsafe',
    description: `write ${quoted(suggestion)}`,
    edits: [{ op: 'replace', path, value: suggestion }],
  };
}
