import { UsageError } from '../../usage-error.ts';
import type { Arguments, Flag } from '../command.ts';
import type { BaselineOptions } from './baseline.ts';

/** The flags about a baseline. */
export const baselineFlags = {
  baseline: {
    type: 'string',
    value: 'FILE',
    description: 'pass over the findings that FILE knows: only new ones are reported and count',
  },
  'write-baseline': {
    type: 'boolean',
    description: `write what is found to the --baseline FILE (iomesh-guard-baseline.json without one), which then knows it`,
  },
} as const satisfies Readonly<Record<string, Flag>>;

const DEFAULT_FILE = 'iomesh-guard-baseline.json';

/** The flags above, understood; undefined without them. */
export function baselineOptions(args: Arguments): BaselineOptions | undefined {
  const file = args.get('baseline');
  const write = args.has('write-baseline');
  if (file === '') throw new UsageError('--baseline needs the name of a file');
  return file === undefined && !write ? undefined : { file: file ?? DEFAULT_FILE, write };
}
