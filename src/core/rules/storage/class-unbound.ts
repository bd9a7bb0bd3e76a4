import type { FixEdit } from '../../base/edits.ts';
import { clusterText } from '../../iomesh/cluster.ts';
import { fillsAsDefault } from '../../defaults/fills.ts';
import type { Resource } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import {
  DEFAULT_CLASS,
  isIomeshClass,
  readReference,
  type ReferenceParameter,
} from '../../iomesh/storage-class.ts';
import { joined, quoted } from '../../base/text.ts';
import type { World } from '../../world.ts';
import { misspelling, RECREATE } from '../../iomesh/class-parameters.ts';
import {
  clusterBehind,
  clusterNamed,
  connectionFor,
  mustNameCluster,
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
    const keys = missing.map((name) => misspelling(subject, name, world.config.iomeshVersion));
    const strays = keys.filter((key) => key !== undefined);
    const edits = missing.map((name, index): FixEdit | undefined => {
      const path = ['parameters', name];
      const stray = keys[index];
      if (stray !== undefined) return { op: 'move', from: ['parameters', stray], path };
      const value = valueFor(subject, world, name);
      return value === undefined ? undefined : { op: 'add', path, value };
    });
    const whole = edits.filter((edit) => edit !== undefined);
    const lines = missing.map((name, index) => lineFor(subject, world, name, keys[index]));
    const bind = strays.length === missing.length ? `write ${joined(lines)}` : `set ${joined(lines)}`;
    const help = isDefault(subject) ? `delete this default class if nothing uses it, or ${bind}` : bind;
    report({
      path: ['parameters', strays[0] ?? first],
      ...(strays[0] === undefined ? {} : { part: 'key' }),
      message: `${joined(missing)} ${missing.length === 1 ? 'is' : 'are'} missing${
        strays.length === 0 ? '' : ` (${joined(strays.map(quoted))} is no parameter)`
      }, so nothing says which of the ${world.count('IOMeshCluster')} IOMesh clusters serves this class`,
      help: `${help}; ${RECREATE}`,
      identity: subject.key,
      evidence: missing,
      ...(whole.length < missing.length
        ? {}
        : {
            fix: {
              safety: fillsAsDefault(subject, world, whole) ? 'safe' : 'unsafe',
              description: `set ${joined(lines)}`,
              edits: whole,
            },
          }),
    });
  },
  *affected(_change, before, after) {
    if (mustNameCluster(before) !== mustNameCluster(after))
      yield* after.all('StorageClass').filter(isIomeshClass);
  },
};

function isDefault(subject: Resource): boolean {
  return subject.ref.name === DEFAULT_CLASS;
}

/** What a missing reference must be, where the other one or the class's own name tells. */
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

function lineFor(
  subject: Resource,
  world: World,
  name: ReferenceParameter,
  stray: string | undefined,
): string {
  if (stray !== undefined) return `${name} for ${quoted(stray)}`;
  const wanted = name === 'iomeshCluster' ? '<namespace>/<IOMeshCluster>' : '<namespace>/<ConfigMap>';
  return `${name}: ${quoted(valueFor(subject, world, name) ?? wanted)}`;
}
