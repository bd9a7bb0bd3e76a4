import { objectRules } from '../../src/core/judge/object-rules.ts';
import type { Rule } from '../../src/core/rule.ts';

/** The rules of some sections, a section being the first digit of its codes: `sectionRules(2, 3)`. */
export function sectionRules(...sections: readonly number[]): readonly Rule[] {
  return objectRules.filter(({ code }) => sections.includes(Number(code[3])));
}
