import { objectAt } from '../../finding.ts';
import { describe, type Resource } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';

/** Repeated in many a file; a copy that says the same does no harm. */
const REPEATABLE: ReadonlySet<string> = new Set(['Namespace', 'Node']);

export const duplicateObject: Rule = {
  code: 'IOM008',
  name: 'duplicate-object',
  severity: { lint: 'error', admission: 'none' },
  kinds: [],
  checkWorld(world, report) {
    for (const [index, { first, again }] of world.duplicates.entries()) {
      if (REPEATABLE.has(again.kind) && sameText(first, again)) continue;
      report({
        subject: again,
        path: ['metadata', 'name'],
        other: first,
        identity: `${again.key}|${index}`,
        message: `${describe(again.ref)} is described twice`,
        help: 'keep one of the two, or give this one another name or namespace: applied in turn, the later replaces the earlier',
        related: [objectAt(first, `first described here; only this one is judged`)],
      });
    }
  },
  doc: {
    summary: 'Two objects of the input have the same kind, namespace and name.',
    why: `Applied in turn, the second replaces the first, and which one stands in the cluster depends on the order of the files.
A copied file whose name was not changed is the usual cause: the new cluster then overwrites the old one. Only the first of
the two is judged by the other rules.`,
    bad: `kind: IOMeshCluster
metadata: {name: iomesh-cluster-1, namespace: iomesh-cluster-1}
---
kind: IOMeshCluster
metadata: {name: iomesh-cluster-1, namespace: iomesh-cluster-1}`,
    good: `kind: IOMeshCluster
metadata: {name: iomesh-cluster-1, namespace: iomesh-cluster-1}
---
kind: IOMeshCluster
metadata: {name: iomesh-cluster-2, namespace: iomesh-cluster-2}`,
    remedy: `Rename one of them, or lint overlays that describe the same object one at a time. A Namespace or Node that is
repeated word for word is passed over.`,
    basis: 'api (an object is known by its kind, namespace and name).',
  },
};

function sameText(a: Resource, b: Resource): boolean {
  const text = ({ json }: Resource) =>
    JSON.stringify(json, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  return text(a) === text(b);
}
