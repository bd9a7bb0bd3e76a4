import type { Command } from './command.ts';

/** `iomesh-guard rules`: the list of rules. */
export const rulesCommand: Command = {
  name: 'rules',
  summary: 'List all rules with their severities',
  operands: [],
  description:
    'Prints one line per rule: code, name, severity in lint, decision of the webhook, kind of fix, and when the rule is violated.',
  flags: {
    format: {
      type: 'string',
      short: 'f',
      value: 'FORMAT',
      choices: ['text', 'json'],
      description: 'output format; default text',
    },
  },
  examples: [
    { command: 'iomesh-guard rules', does: 'prints a table' },
    { command: 'iomesh-guard rules --format json', does: 'prints the same as JSON' },
  ],
  run: async (args, io) => {
    const { rules } = await import('../core/judge/catalogue.ts');
    const { rulesTable, rulesJson } = await import('../report/rules.ts');
    io.stdout.write(args.get('format') === 'json' ? rulesJson(rules) : rulesTable(rules));
    return 0;
  },
};
