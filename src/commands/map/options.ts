import { UsageError } from '../../usage-error.ts';
import type { Arguments, Flag } from '../command.ts';
import {
  type ClusterOptions,
  configFlag,
  optionalClusterFlags,
  optionalClusterOptions,
  selectionFlags,
  type SelectionOptions,
  selectionOptions,
  worldFlag,
} from '../shared-options.ts';
import { type GivenValues, givenValues, valuesFlag } from '../values/options.ts';

/** The flags of `map`. */
export const mapFlags = {
  ...configFlag,
  format: {
    type: 'string',
    short: 'f',
    value: 'FORMAT',
    choices: ['text', 'svg', 'html', 'json'],
    description: 'the format of the map; default text',
  },
  only: {
    type: 'string',
    value: 'STATE',
    choices: ['overlap', 'unclaimed'],
    description: 'print only the nodes in this state; for the text format',
  },
  output: {
    type: 'string',
    short: 'o',
    value: 'FILE',
    completion: 'files',
    description: 'write the map to FILE instead of standard output',
  },
  'allow-empty': {
    type: 'boolean',
    description: 'make a map and exit with 0 even if no IOMesh cluster is found',
  },
  ...selectionFlags,
  ...worldFlag,
  ...valuesFlag('read Helm values as the cluster that they install, by default the management cluster'),
  ...optionalClusterFlags('read the cluster of this kubeconfig context instead of files'),
} as const satisfies Readonly<Record<string, Flag>>;

/** The formats of the map. */
export type MapFormat = 'text' | 'svg' | 'html' | 'json';

/** The values of the flags of `map`. */
export interface MapOptions {
  readonly paths: readonly string[];
  readonly values: readonly GivenValues[];
  readonly selection: SelectionOptions;
  /** The one of several worlds to show. */
  readonly worldName: string | undefined;
  /** The live cluster to read; undefined if files are read. */
  readonly cluster: ClusterOptions | undefined;
  readonly config: string | undefined;
  readonly format: MapFormat;
  /** The state of the nodes to print; undefined for all. */
  readonly only: 'overlap' | 'free' | undefined;
  /** Undefined for standard output. */
  readonly output: string | undefined;
  readonly allowEmpty: boolean;
}

/** Reads the flags of `map`. Throws a UsageError for wrong usage. */
export function mapOptions(args: Arguments, cwd: string): MapOptions {
  const cluster = optionalClusterOptions(args, cwd);
  const values = givenValues(args, args.positionals, cwd, 'iomesh-guard map');
  const file = args.has('values') ? '--values' : `PATH ${JSON.stringify(args.positionals[0])}`;
  if (cluster !== undefined && args.positionals.length + values.length > 0)
    throw new UsageError(
      `${file} and --${args.has('context') ? 'context' : 'kubeconfig'} exclude each other: map reads files or a live cluster`,
      'to check files as a change of a live cluster: iomesh-guard lint --context NAME PATH',
    );
  for (const name of ['format', 'output'])
    if (args.all(name).length > 1)
      throw new UsageError(`--${name} is given twice`, 'run iomesh-guard map once for each format');
  const output = args.get('output');
  const format = (args.get('format') ?? 'text') as MapFormat;
  const only = args.get('only');
  if (only !== undefined && format !== 'text')
    throw new UsageError(
      `--only is for the text format, not ${format}`,
      format === 'json'
        ? `iomesh-guard map --format json | jq '.nodes[] | select(.state == "overlap")'`
        : `iomesh-guard map --only ${only}`,
    );
  if (output === '')
    throw new UsageError('--output needs a file name', 'iomesh-guard map --format html --output map.html');
  return {
    paths: args.positionals.length + values.length > 0 ? args.positionals : ['.'],
    values,
    selection: selectionOptions(args),
    worldName: args.get('world'),
    cluster,
    config: args.get('config'),
    format,
    only: only === 'unclaimed' ? 'free' : only === 'overlap' ? 'overlap' : undefined,
    output: output === '-' ? undefined : output,
    allowEmpty: args.has('allow-empty'),
  };
}
