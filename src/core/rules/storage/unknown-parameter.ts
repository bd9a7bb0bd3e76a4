import { mustNameCluster, unboundReferences } from '../../iomesh/references.ts';
import { at } from '../../base/json.ts';
import type { Resource } from '../../base/model.ts';
import type { Violation, Rule } from '../../rule.ts';
import { isIomeshClass } from '../../iomesh/storage-class.ts';
import { quoted } from '../../base/text.ts';
import type { World } from '../../world.ts';
import {
  isLaterParameter,
  isReclaimPolicy,
  knownParameters,
  misspelling,
  parameterMeant,
  parameterNames,
  topLevelMeant,
} from '../../iomesh/class-parameters.ts';

export const unknownParameter: Rule = {
  code: 'IOM510',
  name: 'unknown-parameter',
  severity: { lint: 'warning', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['StorageClass'],
  check(subject, world, report) {
    if (!isIomeshClass(subject)) return;
    const { iomeshVersion } = world.config;
    const known = new Set(knownParameters(iomeshVersion));
    const said = new Set(
      unboundReferences(subject, world).map((name) => misspelling(subject, name, iomeshVersion)),
    );
    for (const name of parameterNames(subject)) {
      if (known.has(name) || isReclaimPolicy(name) || said.has(name)) continue;
      report(violationOf(subject, world, name));
    }
  },
  // With several clusters a misspelt reference is IOM501's to report, with one it is this rule's.
  *affected(_change, before, after) {
    if (mustNameCluster(before) !== mustNameCluster(after))
      yield* after.all('StorageClass').filter(isIomeshClass);
  },
  // That the last but one cluster goes must not be stopped by a misspelling it hid.
  deletionSaidBy: 'IOM601',
};

function violationOf(subject: Resource, world: World, name: string): Violation {
  const { iomeshVersion } = world.config;
  const path = ['parameters', name];
  const violation = { path, part: 'key' as const };
  if (iomeshVersion !== '1.2' && isLaterParameter(name))
    return {
      ...violation,
      message: `parameter ${quoted(name)} is known from IOMesh 1.2 on, and the configuration says ${iomeshVersion}`,
      help: 'remove it, or set iomeshVersion: "1.2" in the configuration if that is what runs',
    };
  const message = `${quoted(name)} is no parameter of ${quoted('com.iomesh.csi-driver')}`;
  const meant = parameterMeant(name, iomeshVersion);
  if (meant !== undefined) {
    const taken = at(subject.json, ['parameters', meant]) !== undefined;
    return {
      ...violation,
      message,
      help: taken ? `${quoted(meant)} is there already: remove this one` : `did you mean ${quoted(meant)}?`,
      fix: {
        safety: 'unsafe',
        description: taken ? 'remove it' : `rename it to ${quoted(meant)}`,
        edits: [taken ? { op: 'remove', path } : { op: 'move', from: path, path: ['parameters', meant] }],
      },
    };
  }
  const field = topLevelMeant(name);
  if (field === undefined)
    return { ...violation, message, help: `remove it; the driver knows ${knownShort(iomeshVersion)}` };
  return {
    ...violation,
    message,
    help: `${field} is a field of the StorageClass itself: write it beside parameters`,
  };
}

function knownShort(version: '1.0' | '1.2'): string {
  return knownParameters(version)
    .filter((each) => !each.endsWith('-name') && !each.endsWith('-namespace'))
    .join(', ');
}
