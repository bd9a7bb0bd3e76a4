import { fieldOf } from '../../finding.ts';
import { followers } from '../../iomesh/cluster.ts';
import {
  imagesOf,
  imageText,
  isWritten,
  managementPeer,
  TAG_PARTS,
  tagDifference,
} from '../../iomesh/images.ts';
import { own } from '../../base/json.ts';
import { changedObject, createsOrDeletes, type Resource } from '../../base/model.ts';
import type { Path } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { joined, quoted } from '../../base/text.ts';
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
  fix: 'unsafe',
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    if (hasParity(subject, world)) return;
    const tags = zbsTags(subject, world);
    const distinct = [...new Set(tags.map((tag) => tag.text))];
    if (distinct.length < 2) return;
    const common = commonest(tags);
    const marked = tags.find((tag) => tag.text !== common) ?? tags[0]!;
    const parts = differingParts(distinct);
    const odd = tags.filter((tag) => tag.text !== common);
    report({
      path: marked.path,
      message: `meta, chunk and redirector belong to one release, but their image tags differ${parts}: ${joined(
        tags.map((tag) => `${tag.component} ${tag.text === '' ? 'has none' : quoted(tag.text)}`),
      )}`,
      help:
        common === undefined
          ? `choose one version, edition and platform for all of them: ${joined(distinct.filter((text) => text !== '').map(quoted))} cannot be together`
          : `give all of them one tag, for example ${quoted(common)}`,
      related: tags.filter((tag) => tag !== marked).map((tag) => fieldOf(subject, tag.path)),
      identity: subject.key,
      evidence: distinct,
      ...(common === undefined
        ? {}
        : {
            fix: {
              safety: 'unsafe',
              description: `set ${joined(odd.map((tag) => tag.component))} to ${quoted(common)}`,
              edits: odd.map(({ path }) => ({
                op: isWritten(subject, path) ? 'replace' : 'add',
                path,
                value: common,
              })),
            },
          }),
    });
  },
  // Without a management cluster a follower is judged by itself.
  *affected(change, _before, after) {
    const changed = changedObject(change);
    if (changed === undefined || !after.isManagement(changed.ref)) return;
    if (createsOrDeletes(change, 'IOMeshCluster')) yield* followers(after);
  },
  deletionSaidBy: 'IOM601',
};

/** True where IOM401 holds this cluster against the management cluster. */
function hasParity(subject: Resource, world: World): boolean {
  return managementPeer(world, subject) !== undefined && own(world.config.rules, 'IOM401') !== 'off';
}

function zbsTags(subject: Resource, world: World): readonly Tag[] {
  const tags: Tag[] = [];
  for (const field of imagesOf(subject)) {
    if (field.group !== 'zbs') continue;
    const text = imageText(world, subject, field, 'tag');
    if (text !== undefined) tags.push({ component: field.component, path: [...field.path, 'tag'], text });
  }
  return tags;
}

/** The tag that more of them carry than any other; undefined where there is none. */
function commonest(tags: readonly Tag[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { text } of tags) if (text !== '') counts.set(text, (counts.get(text) ?? 0) + 1);
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]);
  return first !== undefined && first[1] !== second?.[1] ? first[0] : undefined;
}

function differingParts(distinct: readonly string[]): string {
  const [first, ...others] = distinct.filter((text) => text !== '');
  const found = new Set(others.flatMap((text) => tagDifference(first ?? '', text)));
  const parts = TAG_PARTS.filter((part) => found.has(part));
  return parts.length === 0 ? '' : ` in ${joined(parts)}`;
}
