import type { Flag } from '../command.ts';
import { configFlag } from '../config-flag.ts';
import { baselineFlags } from './baseline-flags.ts';

/** The flags of every verb that reports findings. */
export const findingsFlags = {
  ...configFlag,
  format: {
    type: 'string',
    short: 'f',
    multiple: true,
    value: 'FORMAT',
    choices: ['text', 'json', 'sarif', 'junit', 'github', 'gitlab'],
    description: 'how to print findings; may be repeated, each with its own --output',
  },
  output: {
    type: 'string',
    short: 'o',
    multiple: true,
    value: 'FILE',
    description: 'write the --format before it to FILE instead of standard output',
  },
  'fail-on': {
    type: 'string',
    value: 'SEVERITY',
    choices: ['error', 'warning', 'never'],
    description: 'the least severity that makes the exit code 1; default error',
  },
  'max-warnings': {
    type: 'string',
    value: 'N',
    description: 'exit with 1 where there are more than N warnings',
  },
  quiet: {
    type: 'boolean',
    short: 'q',
    description: 'report errors only; warnings still count for --max-warnings',
  },
  ...baselineFlags,
} as const satisfies Readonly<Record<string, Flag>>;
