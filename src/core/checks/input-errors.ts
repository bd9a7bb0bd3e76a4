import type { Report } from '../rule.ts';
import type { World } from '../world.ts';

/** Reports what the reader found wrong with the text, of one rule. */
export function reportInputErrors(code: 'IOM001' | 'IOM002' | 'IOM003', world: World, report: Report): void {
  for (const [index, fault] of world.inputErrors.entries()) {
    if (fault.code !== code) continue;
    const related = (fault.related ?? []).map(({ message, span }) => ({ message, span, path: [] }));
    report({
      path: [],
      message: fault.message,
      span: fault.span,
      label: '',
      // The same offset in two files is not the same place.
      identity: String(index),
      related,
      ...(fault.help === undefined
        ? {}
        : { help: fault.help, fix: { safety: 'shown', description: fault.help } as const }),
    });
  }
}
