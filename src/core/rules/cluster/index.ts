import type { Rule } from '../../rule.ts';

export const clusterRules: readonly Rule[] = [];
