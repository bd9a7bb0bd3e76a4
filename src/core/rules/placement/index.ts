import type { Rule } from '../../rule.ts';
import { affinityEmpty } from './affinity-empty.ts';
import { affinityMissing } from './affinity-missing.ts';
import { affinityMoved } from './affinity-moved.ts';
import { affinityOverlap } from './affinity-overlap.ts';
import { affinityPreferredOnly } from './affinity-preferred-only.ts';
import { affinitySplit } from './affinity-split.ts';
import { affinityUndecided } from './affinity-undecided.ts';
import { tooFewNodes } from './too-few-nodes.ts';
import { unknownNode } from './unknown-node.ts';

/** Section 1: which nodes a cluster runs on. */
export const placementRules: readonly Rule[] = [
  affinityOverlap,
  affinityMissing,
  affinityUndecided,
  affinityEmpty,
  affinitySplit,
  tooFewNodes,
  unknownNode,
  affinityPreferredOnly,
  affinityMoved,
];
