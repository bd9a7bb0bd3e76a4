import { atLeast } from '../../base/iomesh-version.ts';
import { poolClusters } from '../../iomesh/cluster.ts';
import { type Fix, relatedField } from '../../finding.ts';
import {
  hasField,
  imagesOf,
  imageText,
  managementPeer,
  TAG_PARTS,
  tagDifference,
} from '../../iomesh/images.ts';
import { own } from '../../base/json.ts';
import { changedObject, createsOrDeletes, type Resource } from '../../base/model.ts';
import { fieldList, type HelpText, withFields } from '../../base/help-text.ts';
import type { Path } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { either, joined, quoted, quotedInFull } from '../../base/text.ts';
import type { World } from '../../world.ts';

interface Tag {
  readonly component: string;
  readonly path: Path;
  readonly text: string;
}

export const editionMixed: Rule = {
  code: 'IOM402',
  name: 'edition-mixed',
  severity: { lint: 'error', admission: 'deny' },
  // From 1.1 on the operator chooses a missing tag, maybe the one that the others have. At admission: a pool
  // from a backup can be in the middle of its upgrade.
  minor: { lint: 'warning', admission: 'warn' },
  fix: 'unsafe',
  waivedBy: 'owner',
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    if (hasParity(subject, world)) return;
    const tags = zbsTags(subject, world);
    const distinct = [...new Set(tags.map((tag) => tag.text))];
    if (distinct.length < 2) return;
    const majority = mostFrequent(tags);
    const outliers = tags.filter((tag) => tag.text !== majority);
    const marked = outliers[0] ?? tags[0]!;
    report({
      path: marked.path,
      message: `${joined(tags.map((tag) => tag.component))} need the same image tag, but ${joined(tags.map(hasTag))}${differingParts(distinct)}`,
      help:
        oneEditHelp(subject, world, tags) ??
        (majority === undefined
          ? `choose one of ${either(distinct.filter((text) => text !== '').map(quoted))} and set it for ${joined(tags.map((tag) => tag.component))}`
          : withFields`set ${fieldList(outliers.map(({ path }) => path))} to ${quotedInFull(majority)}, or choose another tag for all of them`),
      related: tags.filter((tag) => tag !== marked).map((tag) => relatedField(subject, tag.path)),
      identity: subject.key,
      evidence: distinct,
      minor:
        (atLeast(world.iomeshVersion, '1.1') && distinct.length === 2 && distinct.includes('')) ||
        isOfBackup(subject, world, distinct),
      fix: majority === undefined ? undefined : majorityFix(subject, outliers, majority),
    });
  },
  // A cluster is checked by itself only while the management cluster does not exist.
  *affected(change, _before, after) {
    const changed = changedObject(change);
    if (changed === undefined || !after.isManagement(changed.ref)) return;
    if (createsOrDeletes(change, 'IOMeshCluster')) yield* poolClusters(after);
  },
  deletionReportedBy: 'IOM601',
};

/** True if IOM401 compares this cluster with the management cluster. */
function hasParity(subject: Resource, world: World): boolean {
  return managementPeer(world, subject) !== undefined && own(world.config.rules, 'IOM401') !== 'off';
}

/** True for a pool that is created with components of two releases of the same edition and platform. */
function isOfBackup(subject: Resource, world: World, [first, second, ...more]: readonly string[]): boolean {
  if (world.change?.before !== undefined || world.change?.after?.key !== subject.key) return false;
  if (world.isManagement(subject.ref) || first === undefined || second === undefined) return false;
  return more.length === 0 && tagDifference(first, second).join() === 'version';
}

function zbsTags(subject: Resource, world: World): readonly Tag[] {
  const tags: Tag[] = [];
  for (const field of imagesOf(subject)) {
    if (field.group !== 'zbs') continue;
    const text = imageText(world, subject, field, 'tag');
    if (text !== undefined) tags.push({ component: field.component, path: field.tag, text });
  }
  return tags;
}

/** If a change gives one new tag to a part of the components, which had one tag: give it to the others as well. */
function oneEditHelp(subject: Resource, world: World, tags: readonly Tag[]): HelpText | undefined {
  const stored = world.base?.getByKey(subject.key);
  if (stored === undefined) return undefined;
  const before = new Set(zbsTags(stored, world).map(({ text }) => text));
  const [wanted, another] = new Set(tags.map(({ text }) => text).filter((text) => !before.has(text)));
  if (wanted === undefined || wanted === '' || another !== undefined || before.size !== 1) return undefined;
  const left = tags.filter(({ text }) => text !== wanted).map(({ path }) => path);
  return withFields`change ${joined(tags.map(({ component }) => component))} in one edit: also set ${fieldList(left)} to ${quotedInFull(wanted)}`;
}

function hasTag({ component, text }: Tag): string {
  return `${component} has ${text === '' ? 'none' : quoted(text)}`;
}

function majorityFix(subject: Resource, outliers: readonly Tag[], majority: string): Fix {
  return {
    safety: 'unsafe',
    description: `set the image tag of ${joined(outliers.map((tag) => tag.component))} to ${quotedInFull(majority)}`,
    edits: outliers.map(({ path }) => ({
      op: hasField(subject, path) ? 'replace' : 'add',
      path,
      value: majority,
    })),
  };
}

/** The tag that most of the components have; undefined if two tags are equally frequent. */
function mostFrequent(tags: readonly Tag[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { text } of tags) if (text !== '') counts.set(text, (counts.get(text) ?? 0) + 1);
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]);
  return first !== undefined && first[1] !== second?.[1] ? first[0] : undefined;
}

function differingParts(distinct: readonly string[]): string {
  const [first, ...others] = distinct.filter((text) => text !== '');
  const found = new Set(others.flatMap((text) => tagDifference(first ?? '', text)));
  const parts = TAG_PARTS.filter((part) => found.has(part));
  return parts.length === 0 ? '' : ` (${joined(parts)} ${parts.length === 1 ? 'differs' : 'differ'})`;
}
