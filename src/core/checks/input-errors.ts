import type { ReportViolation } from '../rule.ts';
import type { InputError, World } from '../world.ts';

/** Reports the errors of one rule that the reader found in the text. */
export function reportInputErrors(code: InputError['code'], world: World, report: ReportViolation): void {
  for (const [index, error] of world.inputErrors.entries()) {
    if (error.code !== code) continue;
    const { message, span, help, related = [] } = error;
    report({
      path: [],
      message,
      span,
      label: '',
      help,
      fix: help === undefined ? undefined : { safety: 'shown', description: help },
      related: related.map((each) => ({ ...each, path: [] })),
      // Two files can have an error at the same offset.
      identity: String(index),
    });
  }
}
