import { classesIfSeveralClusters } from '../../iomesh/affected.ts';
import type { FixEdit } from '../../base/edits.ts';
import { clusterText } from '../../iomesh/cluster.ts';
import { fillsAsDefault } from '../../defaults/mutate.ts';
import type { Resource } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import { DEFAULT_CLASS, readReference, type ReferenceParameter } from '../../iomesh/storage-class.ts';
import { either, joined, quoted, quotedInFull } from '../../base/text.ts';
import type { World } from '../../world.ts';
import { misspelling, RECREATE } from '../../iomesh/class-parameters.ts';
import {
  clusterBehind,
  clusterNamed,
  connectionFor,
  REFERENCE_KINDS,
  unboundReferences,
} from '../../iomesh/references.ts';

export const classUnbound: Rule = {
  code: 'IOM501',
  name: 'class-unbound',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['StorageClass'],
  check(subject, world, report) {
    const missing = unboundReferences(subject, world);
    const [first] = missing;
    if (first === undefined) return;
    const misspelt = missing.map((name) => misspelling(subject, name, world.iomeshVersion));
    const edits = missing.flatMap((name, index): FixEdit[] => {
      const path = ['parameters', name];
      const wrongKey = misspelt[index];
      if (wrongKey !== undefined) return [{ op: 'move', from: ['parameters', wrongKey], path }];
      const value = valueFor(subject, world, name);
      return value === undefined ? [] : [{ op: 'add', path, value }];
    });
    const orders = joined(missing.map((name, index) => orderFor(subject, world, name, misspelt[index])));
    const help = isDefault(subject) ? `delete this default class if no PVC uses it, or ${orders}` : orders;
    const wrongKeys = misspelt.filter((key) => key !== undefined);
    const note = wrongKeys.length === 0 ? '' : ` (no parameter is called ${either(wrongKeys.map(quoted))})`;
    report({
      path: ['parameters', wrongKeys[0] ?? first],
      part: wrongKeys.length === 0 ? undefined : 'key',
      message: `${joined(missing)} ${missing.length === 1 ? 'is' : 'are'} missing${note}, but the class must name one of the ${world.count('IOMeshCluster')} IOMesh clusters`,
      help: `${help}; ${RECREATE}`,
      identity: subject.key,
      evidence: missing,
      fix:
        edits.length < missing.length
          ? undefined
          : {
              safety: fillsAsDefault(subject, world, edits) ? 'safe' : 'unsafe',
              description: orders,
              edits,
            },
    });
  },
  affected: classesIfSeveralClusters,
};

function isDefault(subject: Resource): boolean {
  return subject.ref.name === DEFAULT_CLASS;
}

/** The value of a missing reference, derived from the other one or from the name of the class. */
function valueFor(subject: Resource, world: World, name: ReferenceParameter): string | undefined {
  if (name === 'iomeshCluster') {
    const connection = readReference(world, subject, 'clusterConnection');
    if (connection.state === 'present') return clusterBehind(world, connection.id);
    const named = connection.state === 'absent' ? clusterNamed(world, subject.ref.name) : undefined;
    return named === undefined ? undefined : clusterText(named);
  }
  const cluster = readReference(world, subject, 'iomeshCluster');
  if (cluster.state === 'present') return connectionFor(world, cluster.id);
  const named = cluster.state === 'absent' ? clusterNamed(world, subject.ref.name) : undefined;
  return named === undefined ? undefined : connectionFor(world, named);
}

function orderFor(
  subject: Resource,
  world: World,
  name: ReferenceParameter,
  wrongKey: string | undefined,
): string {
  if (wrongKey !== undefined) return `rename parameter ${quoted(wrongKey)} to ${quoted(name)}`;
  const value = valueFor(subject, world, name) ?? `<namespace>/<${REFERENCE_KINDS[name]}>`;
  return `set parameters.${name} to ${quotedInFull(value)}`;
}
