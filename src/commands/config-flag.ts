import type { Flag } from './command.ts';

/** `--config`, of every verb that reads a configuration. */
export const configFlag = {
  config: {
    type: 'string',
    short: 'c',
    value: 'FILE',
    description: 'the configuration file, instead of looking for iomesh-guard.yaml',
  },
} as const satisfies Readonly<Record<string, Flag>>;
