import type { Rule } from '../../rule.ts';
import { waiverInvalid } from './waiver-invalid.ts';
import { waiverUnused } from './waiver-unused.ts';

export const waiversRules: readonly Rule[] = [waiverInvalid, waiverUnused];
