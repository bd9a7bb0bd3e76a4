import type { Rule } from '../../rule.ts';

export const waiversRules: readonly Rule[] = [];
