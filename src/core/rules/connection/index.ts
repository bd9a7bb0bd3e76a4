import type { Rule } from '../../rule.ts';
import { clusterIdMismatch } from './cluster-id-mismatch.ts';
import { connectionDuplicate } from './connection-duplicate.ts';
import { connectionIncomplete } from './connection-incomplete.ts';
import { connectionMissing } from './connection-missing.ts';
import { iscsiPortal } from './iscsi-portal.ts';
import { metaAddr } from './meta-addr.ts';
import { metaAddrTarget } from './meta-addr-target.ts';

export const connectionRules: readonly Rule[] = [
  clusterIdMismatch,
  iscsiPortal,
  metaAddr,
  metaAddrTarget,
  connectionIncomplete,
  connectionDuplicate,
  connectionMissing,
];
