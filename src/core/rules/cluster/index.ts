import type { Rule } from '../../rule.ts';
import { clusterName } from './cluster-name.ts';
import { licenseShared } from './license-shared.ts';
import { managementMissing } from './management-missing.ts';
import { oneClusterANamespace } from './one-cluster-a-namespace.ts';
import { tooFewWorkers } from './too-few-workers.ts';
import { zookeeperMissing } from './zookeeper-missing.ts';
import { zookeeperSpread } from './zookeeper-spread.ts';

export const clusterRules: readonly Rule[] = [
  zookeeperMissing,
  zookeeperSpread,
  oneClusterANamespace,
  clusterName,
  managementMissing,
  licenseShared,
  tooFewWorkers,
];
