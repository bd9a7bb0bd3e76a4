import { asString, at } from '../../base/json.ts';
import type { Resource } from '../../base/model.ts';
import type { Path } from '../../base/path.ts';
import { quoted } from '../../base/text.ts';
import { CLASS_REFERENCES } from '../../iomesh/storage-class.ts';
import { orphanedVolumes, volumesText } from '../../iomesh/volumes.ts';
import type { Rule } from '../../rule.ts';

/** IOM609: the cluster of some volumes does not exist. */
export const orphanedVolumesRule: Rule = {
  code: 'IOM609',
  name: 'orphaned-volumes',
  severity: { lint: 'warning', admission: 'none' },
  kinds: ['PersistentVolume'],
  check(subject, world, report) {
    for (const [cluster, volumes] of orphanedVolumes(world)) {
      // All volumes of a cluster are one finding, on the first of them.
      if (volumes[0] !== subject) continue;
      report({
        path: pathOf(subject),
        message: `IOMeshCluster ${quoted(cluster)} does not exist, but is the cluster of ${volumesText(volumes)}`,
        help: 'if the cluster was deleted by mistake, create its IOMeshCluster again before anything else is removed; if it is gone for good, so is the data: restore it from a backup to another cluster',
        identity: cluster,
        evidence: [cluster],
      });
    }
  },
};

/** The field by which a volume leads to its cluster. */
function pathOf(volume: Resource): Path {
  const attributes = ['spec', 'csi', 'volumeAttributes'];
  const own = [...CLASS_REFERENCES]
    .reverse()
    .map((name) => [...attributes, name])
    .find((path) => asString(at(volume.json, path)) !== undefined);
  return own ?? ['spec', 'storageClassName'];
}
