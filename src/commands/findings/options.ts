import { UsageError } from '../../usage-error.ts';
import type { Arguments, Flag } from '../command.ts';
import { configFlag } from '../shared-options.ts';
import type { BaselineOptions, FindingsOptions, ReportFormat, ReportTarget } from './types.ts';

const DEFAULT_BASELINE = 'iomesh-guard-baseline.json';

/** The flags of every verb that reports findings. */
export const findingsFlags = {
  ...configFlag,
  format: {
    type: 'string',
    short: 'f',
    multiple: true,
    value: 'FORMAT',
    choices: ['text', 'concise', 'json', 'sarif', 'junit', 'github', 'gitlab'],
    description: 'the format of the report; default text; each --format can have its own --output',
  },
  output: {
    type: 'string',
    short: 'o',
    multiple: true,
    value: 'FILE',
    completion: 'files',
    description: 'write the report of the preceding --format to FILE instead of standard output',
  },
  statistics: {
    type: 'boolean',
    description:
      'in the formats text and concise, print the number of findings of each rule instead of the findings',
  },
  'fail-on': {
    type: 'string',
    value: 'SEVERITY',
    choices: ['error', 'warning', 'never'],
    description: 'the lowest severity that makes the exit code 1; default error',
  },
  'max-warnings': {
    type: 'string',
    value: 'N',
    description: 'exit with 1 if there are more than N warnings',
  },
  quiet: {
    type: 'boolean',
    short: 'q',
    description: 'report errors only; warnings still count for --max-warnings',
  },
  baseline: {
    type: 'string',
    value: 'FILE',
    completion: 'files',
    description: 'ignore the findings that are in this baseline: only new findings are reported and counted',
  },
  'write-baseline': {
    type: 'boolean',
    description: `write all findings to the baseline FILE; default ${DEFAULT_BASELINE}`,
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** Reads the flags above. Throws a UsageError for wrong usage. */
export function findingsOptions(args: Arguments): FindingsOptions {
  const maxWarnings = args.get('max-warnings');
  if (maxWarnings !== undefined && !/^\d{1,9}$/.test(maxWarnings))
    throw new UsageError(
      `--max-warnings must be a whole number, but is ${JSON.stringify(maxWarnings)}`,
      `iomesh-guard ${args.verb} --max-warnings 10`,
    );
  return {
    config: args.get('config'),
    targets: withStatistics(args, reportTargets(args)),
    failOn: (args.get('fail-on') ?? 'error') as FindingsOptions['failOn'],
    maxWarnings: maxWarnings === undefined ? undefined : Number(maxWarnings),
    quiet: args.has('quiet'),
    allowEmpty: args.has('allow-empty'),
    baseline: baselineOptions(args),
  };
}

function withStatistics(args: Arguments, targets: readonly GivenTarget[]): ReportTarget[] {
  const statistics = args.has('statistics');
  if (statistics && !targets.some(({ format }) => format === 'text' || format === 'concise'))
    throw new UsageError(
      '--statistics needs --format text or concise',
      `iomesh-guard ${args.verb} --statistics`,
    );
  return targets.map((target) => ({ ...target, statistics }));
}

type GivenTarget = Omit<ReportTarget, 'statistics'>;

/** Each `--output` belongs to the `--format` before it; one before any format gets text. */
function reportTargets(args: Arguments): GivenTarget[] {
  const found: { format: ReportFormat; file: string | undefined }[] = [];
  for (const { name, value } of args.flags) {
    if (name === 'format') found.push({ format: value as ReportFormat, file: undefined });
    if (name !== 'output') continue;
    if (value === '') throw new UsageError('--output needs a file name', exampleOf(args, ['json']));
    const last = found.at(-1);
    if (last !== undefined && last.file === undefined) last.file = value === '-' ? undefined : value;
    else if (last === undefined) found.push({ format: 'text', file: value === '-' ? undefined : value });
    else
      throw new UsageError(`--output ${value} has no --format before it`, exampleOf(args, ['json', 'sarif']));
  }
  if (found.length === 0) return [{ format: 'text', file: undefined }];
  if (found.filter((each) => each.file === undefined).length > 1)
    throw new UsageError('two reports go to standard output', exampleOf(args, ['json', 'sarif']));
  const files = found.flatMap((each) => each.file ?? []);
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined)
    throw new UsageError(`two reports go to ${twice}`, exampleOf(args, ['json', 'sarif']));
  return found;
}

/** A command that writes each of these formats to a file. */
function exampleOf({ verb }: Arguments, formats: readonly ReportFormat[]): string {
  const flags = formats.map((format) => `--format ${format} --output findings.${format}`);
  return `iomesh-guard ${verb} ${flags.join(' ')}`;
}

function baselineOptions(args: Arguments): BaselineOptions | undefined {
  const file = args.get('baseline');
  const write = args.has('write-baseline');
  if (file === '')
    throw new UsageError(
      '--baseline needs a file name',
      `iomesh-guard ${args.verb} --baseline ${DEFAULT_BASELINE}`,
    );
  return file === undefined && !write ? undefined : { file: file ?? DEFAULT_BASELINE, write };
}
