import { atLeast, type IomeshVersion } from '../../base/iomesh-version.ts';
import { classesIfSeveralClusters } from '../../iomesh/affected.ts';
import { unboundReferences } from '../../iomesh/references.ts';
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
    if (!isIomeshClass(subject, world.config)) return;
    const { iomeshVersion } = world;
    const known = new Set(knownParameters(iomeshVersion));
    const reportedAsMissing = new Set(
      unboundReferences(subject, world).map((name) => misspelling(subject, name, iomeshVersion)),
    );
    for (const name of parameterNames(subject)) {
      if (known.has(name) || isReclaimPolicy(name) || reportedAsMissing.has(name)) continue;
      report(violationOf(subject, world, name));
    }
  },
  // With several clusters IOM501 reports a misspelt reference, with one cluster this rule does.
  affected: classesIfSeveralClusters,
  // Only one cluster remains after such a deletion, so a misspelling is then this rule's: it must not deny the deletion.
  deletionReportedBy: 'IOM601',
};

function violationOf(subject: Resource, world: World, name: string): Violation {
  const { iomeshVersion } = world;
  const path = ['parameters', name];
  const violation = { path, part: 'key' as const };
  if (!atLeast(iomeshVersion, '1.2') && isLaterParameter(name))
    return {
      ...violation,
      message: `parameter ${quoted(name)} requires IOMesh 1.2, but ${world.config.iomeshVersion === 'auto' ? `the objects are of IOMesh ${iomeshVersion}` : `iomeshVersion is ${quoted(iomeshVersion)} in the configuration`}`,
      help: 'remove it, or set iomeshVersion: "1.2" in the configuration if the cluster runs IOMesh 1.2',
    };
  const message = `${quoted(name)} is not a parameter of ${world.config.provisioner}`;
  const meant = parameterMeant(name, iomeshVersion);
  if (meant !== undefined) {
    const taken = at(subject.json, ['parameters', meant]) !== undefined;
    return {
      ...violation,
      message: taken ? message : `${message}; did you mean ${quoted(meant)}?`,
      help: taken ? `remove it; ${quoted(meant)} is already set` : `rename it to ${quoted(meant)}`,
      fix: {
        safety: 'unsafe',
        description: taken ? 'remove it' : `rename it to ${quoted(meant)}`,
        edits: [taken ? { op: 'remove', path } : { op: 'move', from: path, path: ['parameters', meant] }],
      },
    };
  }
  const field = topLevelMeant(name);
  if (field === undefined)
    return { ...violation, message, help: `remove it; the driver accepts ${knownShort(iomeshVersion)}` };
  return {
    ...violation,
    message,
    help: `move it to the top level, next to parameters; ${field} is a field of the StorageClass`,
  };
}

function knownShort(version: IomeshVersion): string {
  return knownParameters(version)
    .filter((each) => !each.endsWith('-name') && !each.endsWith('-namespace'))
    .join(', ');
}
