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
  doc: {
    summary: 'A parameter of a StorageClass is none that the IOMesh CSI driver documents.',
    why: `Parameters are free text to the API. A misspelt one is ignored, and the class works with the default instead of what was meant.
Parameters of the CSI sidecars (secrets under \`csi.storage.k8s.io/\`) are known; \`ec_k\`, \`ec_m\`, \`protocol\`, \`smartx.com/iops\`, \`smartx.com/bps\`
and \`enableClusterTopology\` came with 1.2. Some keys are fields of the class itself and belong beside \`parameters\`.
A misspelt \`clusterConnection\` or \`iomeshCluster\` leaves the class unbound and is IOM501; \`reclaimPolicy\` is IOM509.`,
    bad: `parameters:
  replicafactor: "3"
  fstype: ext4`,
    good: `parameters:
  replicaFactor: "3"
  csi.storage.k8s.io/fstype: ext4`,
    remedy: 'Write the documented name, remove the key, or set `iomeshVersion` to what runs.',
    basis:
      'vendor (the documented parameters by version). That the driver ignores others is inferred; hence a warning.',
  },
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
