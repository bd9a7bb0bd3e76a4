import type { Rule } from '../../rule.ts';

export const placementRules: readonly Rule[] = [];
