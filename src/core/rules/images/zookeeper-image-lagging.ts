import { relatedField } from '../../finding.ts';
import { atLeast } from '../../base/iomesh-version.ts';
import { changedObject, displayName } from '../../base/model.ts';
import { withFields } from '../../base/help-text.ts';
import { clusterOf } from '../../iomesh/cluster.ts';
import { imagesOf, imageText, isOlderTag, managementPeer } from '../../iomesh/images.ts';
import type { Rule } from '../../rule.ts';
import { quoted, quotedInFull } from '../../base/text.ts';

/** IOM406: the ZooKeeper image of a pool was not upgraded with that of the management cluster. */
export const zookeeperImageLagging: Rule = {
  code: 'IOM406',
  name: 'zookeeper-image-lagging',
  severity: { lint: 'warning', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['ZookeeperCluster'],
  check(subject, world, report) {
    if (!atLeast(world.iomeshVersion, '1.1')) return;
    const peer = managementPeer(world, subject);
    const [field] = imagesOf(subject);
    if (peer === undefined || field === undefined) return;
    const own = imageText(world, subject, field, 'tag');
    const wanted = imageText(world, peer, field, 'tag');
    if (own === undefined || wanted === undefined || !isOlderTag(own, wanted)) return;
    const path = field.tag;
    report({
      path,
      message: `the ZooKeeper image tag is ${quoted(own)}, but the management cluster uses the newer ${quoted(wanted)} (${displayName(peer.ref)})`,
      help: withFields`after the upgrade of the management cluster is complete, set ${path} to ${quotedInFull(wanted)}`,
      other: peer,
      related: [relatedField(peer, path)],
      identity: subject.key,
      evidence: [`${own} ${wanted}`],
      fix: {
        safety: 'unsafe',
        description: `set the tag to ${quotedInFull(wanted)}`,
        edits: [{ op: 'replace', path, value: wanted }],
      },
    });
  },
  *affected(change, _before, after) {
    const changed = changedObject(change);
    if (changed?.kind !== 'ZookeeperCluster') return;
    const id = clusterOf(changed.ref);
    if (id !== undefined && after.isManagement(id)) yield* after.all('ZookeeperCluster');
  },
};
