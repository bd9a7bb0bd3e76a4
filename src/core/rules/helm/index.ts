import type { Rule } from '../../rule.ts';
import { valuesIgnored } from './values-ignored.ts';
import { valuesNullParent } from './values-null-parent.ts';

export const valuesRules: readonly Rule[] = [valuesIgnored, valuesNullParent];
