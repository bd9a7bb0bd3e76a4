import { UsageError } from '../../usage-error.ts';
import type { PoolRequest } from '../../core/new-pool/request.ts';
import type { Arguments, Flag } from '../command.ts';
import {
  type ClusterOptions,
  configFlag,
  fromFlag,
  givenPaths,
  optionalClusterFlags,
  optionalClusterOptions,
  selectionFlags,
  type SelectionOptions,
  selectionOptions,
  worldFlag,
} from '../shared-options.ts';
import { type GivenValues, givenValues, valuesFlag } from '../values/options.ts';

/** The flags of `new pool`. */
export const newPoolFlags = {
  nodes: {
    type: 'string',
    multiple: true,
    value: 'NODE,NODE,NODE',
    required: true,
    description: 'the nodes of the pool',
  },
  namespace: {
    type: 'string',
    short: 'n',
    value: 'NAMESPACE',
    description: 'the namespace of the pool; default NAME',
  },
  ...fromFlag('the existing manifests'),
  ...selectionFlags,
  ...worldFlag,
  ...valuesFlag('read Helm values as the cluster that they install, by default the management cluster'),
  ...optionalClusterFlags('read the existing objects from the cluster of this kubeconfig context'),
  output: {
    type: 'string',
    short: 'o',
    value: 'DIR',
    completion: 'directories',
    description:
      'create the directory NAME in DIR; - prints to standard output; default the current directory',
  },
  'dry-run': {
    type: 'boolean',
    description: 'print the files and write nothing',
  },
  'data-cidr': {
    type: 'string',
    value: 'CIDR',
    description: 'the data network of the pool; default that of the management cluster',
  },
  'meta-replicas': {
    type: 'string',
    value: 'N',
    choices: ['3', '5'],
    description: 'the number of meta pods; default 3',
  },
  'chunk-replicas': {
    type: 'string',
    value: 'N',
    description: 'the number of chunk pods; default one on each node, or 3 for the Community edition',
  },
  ...configFlag,
} as const satisfies Readonly<Record<string, Flag>>;

/** The operands and flags of `new pool`. */
export interface NewPoolOptions {
  readonly request: PoolRequest;
  readonly config: string | undefined;
  /** The existing manifests; empty if only a live cluster is read. */
  readonly from: readonly string[];
  readonly selection: SelectionOptions;
  /** The one of several worlds to add the pool to. */
  readonly worldName: string | undefined;
  /** Helm values of existing clusters. */
  readonly values: readonly GivenValues[];
  readonly cluster: ClusterOptions | undefined;
  /** The parent directory of the pool; undefined for standard output. */
  readonly output: string | undefined;
  readonly dryRun: boolean;
}

const EXAMPLE = 'iomesh-guard new pool NAME --nodes NODE,NODE,NODE';
const MAX_CHUNKS = 255;

/** Reads the command line of `new pool`. Throws a UsageError for wrong usage. */
export function newPoolOptions(args: Arguments, cwd: string): NewPoolOptions {
  const name = args.positionals[1] ?? '';
  if (name === '') throw new UsageError('NAME is empty', EXAMPLE);
  const cluster = optionalClusterOptions(args, cwd);
  const paths = givenPaths(args, cluster, EXAMPLE);
  const values = givenValues(args, paths, cwd, EXAMPLE);
  if (values.length > 0 && cluster !== undefined)
    throw new UsageError(
      `--values and --${args.has('context') ? 'context' : 'kubeconfig'} exclude each other: the live cluster has the objects that Helm installed`,
      EXAMPLE,
    );
  const output = args.get('output') ?? '.';
  if (output === '')
    throw new UsageError('--output needs a directory, or -', `${EXAMPLE} --output clusters/`);
  return {
    request: {
      name,
      namespace: args.get('namespace') ?? name,
      nodes: args.all('nodes').flatMap((each) => each.split(',').map((node) => node.trim())),
      dataCidr: args.get('data-cidr'),
      metaReplicas: args.get('meta-replicas') === '5' ? 5 : 3,
      chunkReplicas: chunkReplicas(args.get('chunk-replicas')),
    },
    config: args.get('config'),
    from: paths,
    selection: selectionOptions(args),
    worldName: args.get('world'),
    values,
    cluster,
    output: output === '-' ? undefined : output,
    dryRun: args.has('dry-run'),
  };
}

function chunkReplicas(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (number < 3 || number > MAX_CHUNKS)
    throw new UsageError(
      `--chunk-replicas must be a whole number from 3 to ${MAX_CHUNKS}, but is ${JSON.stringify(text)}`,
      `${EXAMPLE} --chunk-replicas 3`,
    );
  return number;
}
