import type { Rule } from '../../rule.ts';

export const storageRules: readonly Rule[] = [];
