import type { Command } from './command.ts';
import { EXIT, type Io } from './io.ts';
import { UsageError } from '../usage-error.ts';

/** The language of the messages of a user, by the order of POSIX. */
function languageOf(env: Io['env']): 'en' | 'zh' {
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((each) => (each ?? '') !== '');
  return locale?.startsWith('zh') === true ? 'zh' : 'en';
}

/** `iomesh-guard explain`: the pages of rules. */
export const explainCommand: Command = {
  name: 'explain',
  summary: 'Explain a rule: why it matters and how to fix it',
  operands: [{ name: 'CODE|NAME', multiple: true, completion: 'rules' }],
  description:
    'Prints the page of each rule in Markdown. A rule is named by its code (IOM101) or its name (affinity-overlap).',
  flags: {
    lang: {
      type: 'string',
      value: 'LANGUAGE',
      choices: ['en', 'zh'],
      description:
        'the language: zh prints title, summary and remedy in Chinese; default from LC_ALL, LC_MESSAGES or LANG',
    },
  },
  examples: [
    { command: 'iomesh-guard explain IOM101', does: 'prints the page of a rule by its code' },
    {
      command: 'iomesh-guard explain affinity-overlap',
      does: 'prints the same page by the name of the rule',
    },
    { command: 'iomesh-guard explain --lang zh IOM101', does: 'prints title, summary and remedy in Chinese' },
  ],
  run: async (args, io) => {
    const { findRule, rules } = await import('../core/judge/catalogue.ts');
    const { formatChineseRule, formatRulePage } = await import('../report/rules.ts');
    const format = (args.get('lang') ?? languageOf(io.env)) === 'zh' ? formatChineseRule : formatRulePage;
    const { didYouMean } = await import('../core/base/suggest.ts');
    const pages = args.positionals.map((text) => {
      const rule = findRule(text);
      if (rule !== undefined) return format(rule);
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
