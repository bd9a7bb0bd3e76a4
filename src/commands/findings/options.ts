import { UsageError } from '../../usage-error.ts';
import type { Arguments } from '../command.ts';
import type { BaselineOptions } from './baseline.ts';
import { baselineOptions } from './baseline-flags.ts';

export type Format = 'text' | 'json' | 'sarif' | 'junit' | 'github' | 'gitlab';

/** One report to make, and where it goes; undefined means standard output. */
export interface Target {
  readonly format: Format;
  readonly file: string | undefined;
}

/** What a verb that reports findings is told about reporting them. */
export interface FindingsOptions {
  readonly config: string | undefined;
  readonly targets: readonly Target[];
  readonly failOn: 'error' | 'warning' | 'never';
  readonly maxWarnings: number | undefined;
  readonly quiet: boolean;
  readonly allowEmpty: boolean;
  readonly baseline: BaselineOptions | undefined;
}

/** The flags of `flags.ts`, understood. Throws a UsageError where they make no sense together. */
export function findingsOptions(args: Arguments): FindingsOptions {
  const maxWarnings = args.get('max-warnings');
  if (maxWarnings !== undefined && !/^\d{1,9}$/.test(maxWarnings))
    throw new UsageError(`--max-warnings needs a whole number, not ${JSON.stringify(maxWarnings)}`);
  return {
    config: args.get('config'),
    targets: targets(args),
    failOn: (args.get('fail-on') ?? 'error') as FindingsOptions['failOn'],
    maxWarnings: maxWarnings === undefined ? undefined : Number(maxWarnings),
    quiet: args.has('quiet'),
    allowEmpty: args.has('allow-empty'),
    baseline: baselineOptions(args),
  };
}

/** Each `--output` belongs to the `--format` before it; one before any format takes text. */
function targets(args: Arguments): Target[] {
  const found: { format: Format; file: string | undefined }[] = [];
  for (const { name, value } of args.flags) {
    if (name === 'format') found.push({ format: value as Format, file: undefined });
    if (name !== 'output') continue;
    if (value === '') throw new UsageError('--output needs the name of a file');
    const last = found.at(-1);
    if (last !== undefined && last.file === undefined) last.file = value === '-' ? undefined : value;
    else if (last === undefined) found.push({ format: 'text', file: value === '-' ? undefined : value });
    else
      throw new UsageError(
        `--output ${value} has no --format of its own`,
        'give --format FORMAT before each --output FILE',
      );
  }
  if (found.length === 0) return [{ format: 'text', file: undefined }];
  if (found.filter((each) => each.file === undefined).length > 1)
    throw new UsageError(
      'two formats would go to standard output',
      'give all but one of them an --output FILE',
    );
  const files = found.flatMap((each) => each.file ?? []);
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) throw new UsageError(`two formats would go to ${twice}`);
  return found;
}
