import type { Rule } from '../../rule.ts';
import { deletedInUse } from './deleted-in-use.ts';
import { managementDeletedFirst } from './management-deleted-first.ts';
import { replicaCount } from './replica-count.ts';
import { riskyChange } from './risky-change.ts';
import { scaleStep } from './scale-step.ts';

export const lifecycleRules: readonly Rule[] = [
  managementDeletedFirst,
  deletedInUse,
  replicaCount,
  scaleStep,
  riskyChange,
];
