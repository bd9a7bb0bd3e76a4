import { UsageError } from '../../usage-error.ts';
import type { Arguments, Flag } from '../command.ts';

/** The flags of `lint` that mend files, or show how. */
export const fixFlags = {
  fix: {
    type: 'boolean',
    description: 'mend in the files what has a safe fix, and report what is left',
  },
  'unsafe-fixes': {
    type: 'boolean',
    description: 'with --fix or --diff: fixes that change a value too',
  },
  diff: {
    type: 'boolean',
    description:
      'print what --fix would change as a unified diff, write nothing; exit code 1 where there is any',
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** What is to be done about findings that have a fix. */
export interface FixOptions {
  /** Undefined: nothing. A diff is stronger than writing. */
  readonly mode: 'write' | 'diff' | undefined;
  readonly unsafe: boolean;
}

/** The flags, understood. Throws a UsageError where they make no sense together. */
export function fixOptions(args: Arguments): FixOptions {
  const mode = args.has('diff') ? 'diff' : args.has('fix') ? 'write' : undefined;
  const unsafe = args.has('unsafe-fixes');
  if (unsafe && mode === undefined)
    throw new UsageError('--unsafe-fixes needs --fix or --diff', '--diff --unsafe-fixes shows them first');
  const report = ['format', 'output'].find((name) => args.has(name));
  if (mode === 'diff' && report !== undefined)
    throw new UsageError(
      `--diff prints a diff in place of findings, so --${report} makes no sense beside it`,
    );
  return { mode, unsafe };
}
