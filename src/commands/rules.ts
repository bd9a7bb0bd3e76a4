import type { Command } from './command.ts';

/** `iomesh-guard rules`: the catalogue. */
export const rulesCommand: Command = {
  name: 'rules',
  summary: 'List every rule with its severities',
  operands: '',
  description:
    'One line a rule: code, name, what lint does, what an admission does, which fix there is, and when it is violated.',
  flags: {
    format: {
      type: 'string',
      short: 'f',
      value: 'FORMAT',
      choices: ['text', 'json'],
      description: 'how to print it; default text',
    },
  },
  examples: [
    { command: 'iomesh-guard rules', does: 'the catalogue as a table' },
    { command: 'iomesh-guard rules --format json', does: 'the same for a program' },
  ],
  run: async (args, io) => {
    const { rules } = await import('../core/judge/catalogue.ts');
    const { rulesTable, rulesJson } = await import('../report/rules.ts');
    if (args.positionals.length > 0) {
      const { UsageError } = await import('../usage-error.ts');
      throw new UsageError(
        `rules takes no argument ${JSON.stringify(args.positionals[0])}`,
        'for one rule: iomesh-guard explain CODE',
      );
    }
    io.stdout.write(args.get('format') === 'json' ? rulesJson(rules) : rulesTable(rules));
    return 0;
  },
};
