import type { Rule } from '../../rule.ts';
import { classContradiction } from './class-contradiction.ts';
import { classUnbound } from './class-unbound.ts';
import { clusterDangling } from './cluster-dangling.ts';
import { clusterWithoutClass } from './cluster-without-class.ts';
import { connectionDangling } from './connection-dangling.ts';
import { fstype } from './fstype.ts';
import { pvcAccessMode } from './pvc-access-mode.ts';
import { pvcClass } from './pvc-class.ts';
import { reclaimPolicyMisplaced } from './reclaim-policy-misplaced.ts';
import { referenceFormat } from './reference-format.ts';
import { replicaFactor } from './replica-factor.ts';
import { thinProvision } from './thin-provision.ts';
import { unknownParameter } from './unknown-parameter.ts';

export const storageRules: readonly Rule[] = [
  classUnbound,
  referenceFormat,
  connectionDangling,
  clusterDangling,
  classContradiction,
  fstype,
  replicaFactor,
  thinProvision,
  reclaimPolicyMisplaced,
  unknownParameter,
  clusterWithoutClass,
  pvcClass,
  pvcAccessMode,
];
