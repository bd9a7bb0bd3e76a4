import { at, isObject } from '../base/json.ts';
import { spreadTerm, ZOOKEEPER_AFFINITY, ZOOKEEPER_ANTI_AFFINITY } from '../iomesh/anti-affinity.ts';
import { clusterOf } from '../iomesh/cluster.ts';
import { affinityDefaults } from './affinity.ts';
import { type Default, fillField } from './fill.ts';
import { imageDefaults } from './images.ts';

/** The defaults of a ZookeeperCluster. */
export const zookeeperDefaults: readonly Default[] = [
  ...affinityDefaults,
  {
    // Pods prefer nodes without another pod of the same ZookeeperCluster. The operator adds this rule only if
    // no affinity at all is set, so it is filled next to an affinity that is set or is about to be filled.
    name: 'zookeeper-anti-affinity',
    fill(resource, world, operation) {
      if (clusterOf(resource.ref) === undefined) return [];
      const hasAffinity =
        isObject(at(resource.json, ZOOKEEPER_AFFINITY)) ||
        affinityDefaults.some((each) => each.fill(resource, world, operation).length > 0);
      if (!hasAffinity) return [];
      return fillField(world, resource, ZOOKEEPER_ANTI_AFFINITY, {
        preferredDuringSchedulingIgnoredDuringExecution: [spreadTerm(resource.ref.name)],
      });
    },
  },
  ...imageDefaults,
];
