import type { Command } from './command.ts';
import { EXIT } from './io.ts';
import { UsageError } from '../usage-error.ts';

/** `iomesh-guard explain`: the pages of rules. */
export const explainCommand: Command = {
  name: 'explain',
  summary: 'Explain a rule: why it matters and how to fix it',
  operands: [{ name: 'CODE|NAME', multiple: true, completion: 'rules' }],
  description:
    'Prints the page of each rule in Markdown. A rule is named by its code (IOM101) or its name (affinity-overlap).',
  flags: {},
  examples: [
    { command: 'iomesh-guard explain IOM101', does: 'prints the page of a rule by its code' },
    {
      command: 'iomesh-guard explain affinity-overlap',
      does: 'prints the same page by the name of the rule',
    },
  ],
  run: async (args, io) => {
    const { findRule, rules } = await import('../core/judge/catalogue.ts');
    const { formatRulePage } = await import('../report/rules.ts');
    const { didYouMean } = await import('../core/base/suggest.ts');
    const pages = args.positionals.map((text) => {
      const rule = findRule(text);
      if (rule !== undefined) return formatRulePage(rule);
      const meant = didYouMean(
        text,
        rules.flatMap((each) => [each.code, each.name]),
      );
      throw new UsageError(
        `unknown rule ${JSON.stringify(text)}${meant}`,
        'iomesh-guard rules lists all rules',
      );
    });
    io.stdout.write(pages.join('\n'));
    return EXIT.clean;
  },
};
