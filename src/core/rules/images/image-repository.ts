import { relatedField } from '../../finding.ts';
import type { FixEdit } from '../../base/edits.ts';
import { clusterOf, poolClusters, sameCluster } from '../../iomesh/cluster.ts';
import { readString } from '../../schema/read-field.ts';
import { type ImageField, imageFields, imagesOf, managementPeer } from '../../iomesh/images.ts';
import { at } from '../../base/json.ts';
import { type Change, changedObject, describe, type Resource } from '../../base/model.ts';
import { withFields } from '../../base/help-text.ts';
import type { Path } from '../../base/path.ts';
import type { Violation, Rule } from '../../rule.ts';
import { addException } from '../../base/waivers.ts';
import { joined, quoted, quotedInFull } from '../../base/text.ts';
import type { World } from '../../world.ts';

/** A repository that differs from the management cluster's for the same component. */
interface Difference {
  readonly component: string;
  readonly path: Path;
  readonly own: string;
  readonly wanted: string;
}

export const imageRepository: Rule = {
  code: 'IOM404',
  name: 'image-repository',
  severity: { lint: 'warning', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['IOMeshCluster', 'ZookeeperCluster'],
  check(subject, world, report) {
    if (clusterOf(subject.ref) === undefined) return;
    const peer = managementPeer(world, subject);
    const groups = new Map<string, Difference[]>();
    for (const field of imagesOf(subject)) {
      const path = field.repository;
      const own = readString(world, subject, path);
      if (own.state !== 'present') continue;
      const wanted = peer === undefined ? undefined : readString(world, peer, path).value?.trim();
      if (own.value.trim() === '') report(emptyViolation(field, path, wanted, peer));
      else if (wanted !== undefined && wanted !== '' && !isSameRepository(wanted, own.value)) {
        const difference = { component: field.component, path, own: own.value, wanted };
        const key = differenceKey(difference);
        groups.set(key, [...(groups.get(key) ?? []), difference]);
      }
    }
    if (peer !== undefined)
      for (const [key, group] of groups) report(differenceViolation(subject, peer, key, group));
  },
  *affected(change, _before, after) {
    const changed = changedObject(change);
    if (changed === undefined || !carriesManagementImages(changed, after)) return;
    if (!repositoriesChanged(changed, change)) return;
    if (changed.kind === 'IOMeshCluster') yield* poolClusters(after);
    else yield* after.all('ZookeeperCluster');
  },
};

/** True for two names of one repository: an image without a registry comes from Docker Hub. */
function isSameRepository(a: string, b: string): boolean {
  const name = (repository: string) => repository.replace(/^(?:index\.)?docker\.io\//, '');
  return name(a) === name(b);
}

/** `registry.local/iomesh` and `zbs-metad` of `registry.local/iomesh/zbs-metad`. */
function split(repository: string): readonly [prefix: string, name: string] {
  const slash = repository.lastIndexOf('/');
  return [repository.slice(0, Math.max(slash, 0)), repository.slice(slash + 1)];
}

/** One key for all images that differ only in the registry, so that they are one finding. */
function differenceKey({ component, own, wanted }: Difference): string {
  const [[ownPrefix, ownName], [prefix, name]] = [split(own), split(wanted)];
  return ownName === name ? `${ownPrefix}|${prefix}` : `${component}|${own}|${wanted}`;
}

function differenceViolation(
  subject: Resource,
  peer: Resource,
  key: string,
  group: readonly Difference[],
): Violation {
  const [first] = group as [Difference, ...Difference[]];
  const there = `the management cluster (${describe(peer.ref)})`;
  const edits: FixEdit[] = group.map(({ path, wanted }) => ({ op: 'replace', path, value: wanted }));
  return {
    path: first.path,
    message:
      group.length === 1
        ? `the image repository of ${first.component} is ${quoted(first.own)}, but ${there} uses ${quoted(first.wanted)}`
        : `the images of ${joined(group.map((each) => each.component))} come from ${prefixText(first.own)}, but ${there} uses ${prefixText(first.wanted)}`,
    help: withFields`set ${group.length === 1 ? first.path : 'their repositories'} to ${joined(group.map((each) => quotedInFull(each.wanted)))}; if the difference is intended, ${addException('IOM404')}`,
    other: peer,
    related: [
      relatedField(peer, first.path),
      ...group.slice(1).map((each) => relatedField(subject, each.path)),
    ],
    identity: `${subject.key}|${key}`,
    evidence: group.map((each) => each.component),
    fix: { safety: 'unsafe', description: "use the management cluster's repositories", edits },
  };
}

function prefixText(repository: string): string {
  const [prefix] = split(repository);
  return prefix === '' ? 'the default registry' : quoted(prefix);
}

function emptyViolation(
  field: ImageField,
  path: Path,
  wanted: string | undefined,
  peer: Resource | undefined,
): Violation {
  const known = peer !== undefined && wanted !== undefined && wanted !== '';
  return {
    path,
    message: `the image repository of ${field.component} is empty`,
    help: known
      ? withFields`set ${path} to ${quotedInFull(wanted)}, as on the management cluster`
      : withFields`set ${path}; the vendor's releases use ${quoted(`iomesh/${field.repositoryName}`)}`,
    related: known ? [relatedField(peer, path)] : undefined,
    fix: known
      ? {
          safety: 'unsafe',
          description: `set the repository to ${quotedInFull(wanted)}`,
          edits: [{ op: 'replace', path, value: wanted }],
        }
      : undefined,
  };
}

function carriesManagementImages(resource: Resource, world: World): boolean {
  const id = clusterOf(resource.ref);
  return id !== undefined && sameCluster(id, world.config.managementCluster);
}

function repositoriesChanged(changed: Resource, { before, after }: Change): boolean {
  return imageFields(changed).some(
    ({ repository }) => at(before?.json, repository) !== at(after?.json, repository),
  );
}
