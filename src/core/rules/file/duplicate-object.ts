import { relatedObject } from '../../finding.ts';
import { exactText } from '../../base/json.ts';
import { describe, type Resource } from '../../base/model.ts';
import { isAboutIomesh } from '../../iomesh/own-objects.ts';
import type { Rule } from '../../rule.ts';

/** Kinds that several files often define; equal copies do no harm. */
const REPEATABLE: ReadonlySet<string> = new Set(['Namespace', 'Node']);

export const duplicateObject: Rule = {
  code: 'IOM008',
  name: 'duplicate-object',
  severity: { lint: 'error', admission: 'none' },
  kinds: [],
  checkWorld(world, report) {
    for (const [index, { first, again }] of world.duplicates.entries()) {
      if (REPEATABLE.has(again.kind) && sameText(first, again)) continue;
      if (!isAboutIomesh(world, first) && !isAboutIomesh(world, again)) continue;
      report({
        subject: again,
        path: ['metadata', 'name'],
        other: first,
        identity: `${again.key}|${index}`,
        message: `${describe(again.ref)} is defined twice`,
        help:
          again.kind === 'IOMeshCluster' && world.isManagement(again.ref)
            ? 'if these are two environments, declare worlds in iomesh-guard.yaml; otherwise keep one of the two: if both are applied, the later one replaces the earlier one'
            : 'keep one of the two, or change the name or namespace of this one; if both are applied, the later one replaces the earlier one',
        related: [relatedObject(first, 'first defined here; only this one is checked')],
      });
    }
  },
};

function sameText(a: Resource, b: Resource): boolean {
  return exactText(a.json) === exactText(b.json);
}
