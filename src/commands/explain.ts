import type { Command } from './command.ts';
import { EXIT } from './io.ts';
import { UsageError } from '../usage-error.ts';

/** `iomesh-guard explain`: one rule's page. */
export const explainCommand: Command = {
  name: 'explain',
  summary: 'Explain a rule: what it means, why it matters, what to do',
  operands: 'CODE|NAME…',
  description:
    'Prints the page of each rule named by its code (IOM101) or its name (affinity-overlap), in Markdown.',
  flags: {},
  examples: [
    { command: 'iomesh-guard explain IOM101', does: 'by code' },
    { command: 'iomesh-guard explain affinity-overlap', does: 'by name' },
  ],
  run: async (args, io) => {
    const { findRule, rules } = await import('../core/judge/catalogue.ts');
    const { formatRulePage } = await import('../report/rules.ts');
    const { suggest } = await import('../core/base/suggest.ts');
    if (args.positionals.length === 0)
      throw new UsageError('which rule?', 'iomesh-guard rules lists them all');
    const pages = args.positionals.map((text) => {
      const rule = findRule(text);
      if (rule !== undefined) return formatRulePage(rule);
      const near = suggest(
        text,
        rules.flatMap((each) => [each.code, each.name]),
      );
      const meant = near === undefined ? '' : `; did you mean ${near}?`;
      throw new UsageError(
        `no rule is called ${JSON.stringify(text)}${meant}`,
        'iomesh-guard rules lists them all',
      );
    });
    io.stdout.write(pages.join('\n'));
    return EXIT.clean;
  },
};
