import { relatedField } from '../../finding.ts';
import { at } from '../../base/json.ts';
import { displayName, type Resource } from '../../base/model.ts';
import { withFields } from '../../base/help-text.ts';
import { imagesOf, imageText, runningTags } from '../../iomesh/images.ts';
import type { Path } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { joined, quoted, quotedInFull } from '../../base/text.ts';
import type { World } from '../../world.ts';

const RUNNING: Path = ['status', 'runningImages'];

/** IOM408: a pool follows the management cluster before that one runs its new images. */
export const imageTagEarly: Rule = {
  code: 'IOM408',
  name: 'image-tag-early',
  severity: { lint: 'none', admission: 'warn' },
  kinds: ['IOMeshCluster'],
  checkChange({ before, after }, _before, world, report) {
    const { management } = world;
    if (after === undefined || management === undefined || world.isManagement(after.ref)) return;
    const outdated = outdatedTags(world, management);
    const [first] = outdated;
    if (first === undefined) return;
    const followed = imagesOf(after).filter((image) => {
      if (image.group !== 'zbs') return false;
      const tag = imageText(world, after, image, 'tag');
      if (tag === undefined || tag === '' || tag !== imageText(world, management, image, 'tag')) return false;
      return at(before?.json, image.tag) !== tag;
    });
    const [image] = followed;
    if (image === undefined) return;
    const path = image.tag;
    const wanted = imageText(world, after, image, 'tag') ?? '';
    report({
      path,
      message: `the image tag of ${joined(followed.map(({ component }) => component))} changes to ${quoted(wanted)}, but the management cluster ${displayName(management.ref)} still runs ${joined(outdated.map(quoted))}`,
      help: withFields`wait until ${RUNNING} of ${displayName(management.ref)} shows only ${quotedInFull(wanted)}; then change the pools one at a time`,
      other: management,
      related: [relatedField(management, path)],
    });
  },
};

/** The tags that the management cluster runs and its spec no longer has, each once. */
function outdatedTags(world: World, management: Resource): readonly string[] {
  const tags = new Set<string>();
  for (const image of imagesOf(management)) {
    const wanted = image.group === 'zbs' ? (imageText(world, management, image, 'tag') ?? '') : '';
    if (wanted === '') continue;
    for (const tag of runningTags(management, image)) if (tag !== wanted) tags.add(tag);
  }
  return [...tags];
}
