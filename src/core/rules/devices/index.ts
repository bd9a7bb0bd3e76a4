import type { Rule } from '../../rule.ts';

export const devicesRules: readonly Rule[] = [];
