import { CLUSTER_KINDS, clusterOf } from '../../iomesh/cluster.ts';
import type { Fix } from '../../finding.ts';
import { at, type Json } from '../../base/json.ts';
import type { Rule } from '../../rule.ts';
import type { SelectionError } from '../../node-selector/index.ts';
import { placementsOf, usableSelection } from '../../iomesh/placement.ts';
import { quoted } from '../../base/text.ts';

/** Errors for which the apiserver rejects the pods, whatever the other terms select. */
const REJECTED: ReadonlySet<SelectionError['reason']> = new Set([
  'no-terms',
  'no-values',
  'unknown-operator',
  'invalid',
]);

const HELP: Readonly<Record<SelectionError['reason'], string>> = {
  'no-terms': 'add at least one term that selects the nodes of this cluster',
  'empty-term': 'add matchExpressions to the term, indented under it',
  'no-values': 'add values, for example the hostnames of the nodes of this cluster',
  'unknown-operator': 'set operator to In, NotIn, Exists, DoesNotExist, Gt or Lt',
  contradiction: 'remove one of the requirements that exclude each other',
  invalid: 'change the requirement so that a node can satisfy it',
};

/** IOM104: a node selector, or a part of it, that matches no node. */
export const affinityEmpty: Rule = {
  code: 'IOM104',
  name: 'affinity-empty',
  severity: { lint: 'error', admission: 'deny' },
  // The other terms still select nodes.
  minor: { lint: 'warning', admission: 'warn' },
  fix: 'unsafe',
  kinds: CLUSTER_KINDS,
  check(subject, world, report) {
    if (clusterOf(subject.ref) === undefined) return;
    for (const each of placementsOf(world, subject)) {
      const alive = usableSelection(each) !== undefined;
      const seen = new Map<string, number>();
      for (const error of each.placement.errors) {
        if (error.wrongType === true) continue;
        const value = at(subject.json, error.path);
        const minor = alive && !REJECTED.has(error.reason);
        const fix = fixOf(error, value);
        report({
          path: error.path,
          message: minor
            ? `a part of the node selector of ${each.component} matches no node: ${error.message}`
            : `${each.component} cannot run on any node: ${error.message}`,
          help: fix?.description ?? HELP[error.reason],
          identity: identify(subject.key, error, value, seen),
          minor,
          fix,
        });
      }
    }
  },
};

/** The identity of one error: the n-th of its kind with that value, so that it outlives moved list items. */
function identify(object: string, error: SelectionError, value: Json | undefined, seen: Map<string, number>) {
  const where = error.path.map((step) => (typeof step === 'number' ? '[]' : step)).join('.');
  const what = [object, where, error.reason, JSON.stringify(value, exact)].join('|');
  const nth = seen.get(what) ?? 0;
  seen.set(what, nth + 1);
  return `${what}|${nth}`;
}

function exact(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

function fixOf({ path, suggestion }: SelectionError, value: Json | undefined): Fix | undefined {
  if (suggestion === undefined) return undefined;
  return {
    safety: 'unsafe',
    description: `replace ${typeof value === 'string' ? quoted(value) : 'it'} with ${quoted(suggestion)}`,
    edits: [{ op: 'replace', path, value: suggestion }],
  };
}
