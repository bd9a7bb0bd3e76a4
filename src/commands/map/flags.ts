import type { Flag } from '../command.ts';
import { configFlag } from '../config-flag.ts';

/** The flags of `map` beside those that name a live cluster. */
export const mapFlags = {
  ...configFlag,
  format: {
    type: 'string',
    short: 'f',
    value: 'FORMAT',
    choices: ['text', 'svg', 'html', 'json'],
    description: 'how to draw the map; default text',
  },
  output: {
    type: 'string',
    short: 'o',
    value: 'FILE',
    description: 'write the map to FILE instead of standard output',
  },
  'allow-empty': {
    type: 'boolean',
    description: 'draw a map and exit with 0 even where no IOMesh cluster was found',
  },
} as const satisfies Readonly<Record<string, Flag>>;
