import { UsageError } from '../../usage-error.ts';
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

/** The flags of `plan`. */
export const planFlags = {
  to: {
    type: 'string',
    value: 'TAG|CHART',
    completion: 'files',
    description:
      'of upgrade: the image tag of meta, chunk and redirector, or a chart (a folder or a .tgz), or a file of Helm values',
  },
  values: {
    type: 'string',
    value: 'FILE',
    completion: 'files',
    description:
      'of upgrade: the values of the installed release, which take precedence over the chart; helm get values --all -o yaml prints them',
  },
  ...fromFlag('the manifests of all clusters'),
  ...selectionFlags,
  ...worldFlag,
  ...optionalClusterFlags('read the cluster of this kubeconfig context; the printed commands name it too'),
  format: {
    type: 'string',
    short: 'f',
    value: 'FORMAT',
    choices: ['text', 'json'],
    description: 'the format of the plan; default text',
  },
  ...configFlag,
} as const satisfies Readonly<Record<string, Flag>>;

/** The component and the number of `chunk=5`. */
interface GivenReplicas {
  readonly component: 'meta' | 'chunk' | 'zookeeper';
  readonly replicas: number;
}

/** The operation, with its operands. */
type GivenOperation =
  | { readonly operation: 'remove'; readonly pool: string }
  | { readonly operation: 'upgrade'; readonly to: string; readonly values: string | undefined }
  | { readonly operation: 'scale'; readonly pool: string; readonly targets: readonly GivenReplicas[] };

/** The operands and flags of `plan`. */
export interface PlanOptions {
  readonly given: GivenOperation;
  readonly from: readonly string[];
  readonly selection: SelectionOptions;
  /** The one of several worlds of the operation. */
  readonly worldName: string | undefined;
  readonly cluster: ClusterOptions | undefined;
  readonly config: string | undefined;
  readonly format: 'text' | 'json';
}

const EXAMPLES = {
  remove: 'iomesh-guard plan remove POOL',
  upgrade: 'iomesh-guard plan upgrade --to TAG',
  scale: 'iomesh-guard plan scale POOL chunk=5',
} as const;

/** An example of an operation, for hints. */
export function planExample({ given }: PlanOptions): string {
  return EXAMPLES[given.operation];
}

/** Reads the command line of `plan`. Throws a UsageError for wrong usage. */
export function planOptions(args: Arguments, cwd: string): PlanOptions {
  const cluster = optionalClusterOptions(args, cwd);
  const given = givenOperation(args);
  const from = givenPaths(args, cluster, EXAMPLES[given.operation]);
  if (from.includes('-') && given.operation === 'upgrade' && given.values === '-')
    throw new UsageError('standard input is used twice', 'give - only once, for --from or for --values');
  for (const name of ['to', 'values', 'format'])
    if (args.all(name).length > 1)
      throw new UsageError(`--${name} is given twice`, EXAMPLES[given.operation]);
  return {
    given,
    from,
    selection: selectionOptions(args),
    worldName: args.get('world'),
    cluster,
    config: args.get('config'),
    format: args.get('format') === 'json' ? 'json' : 'text',
  };
}

function givenOperation(args: Arguments): GivenOperation {
  const [operation, pool, ...counts] = args.positionals;
  const to = args.get('to');
  for (const name of ['to', 'values'])
    if (args.has(name) && operation !== 'upgrade')
      throw new UsageError(`--${name} is a flag of plan upgrade, not of plan ${operation}`, EXAMPLES.upgrade);
  if (operation === 'upgrade') {
    if (pool !== undefined)
      throw new UsageError(
        `unexpected argument ${JSON.stringify(pool)}: plan upgrade is about all clusters`,
        EXAMPLES.upgrade,
      );
    if (to === undefined || to === '') throw new UsageError('--to is missing', EXAMPLES.upgrade);
    const values = args.get('values');
    if (values === '') throw new UsageError('--values needs a file name', EXAMPLES.upgrade);
    return { operation, to, values };
  }
  const example = operation === 'scale' ? EXAMPLES.scale : EXAMPLES.remove;
  if (pool === undefined || pool === '') throw new UsageError('argument POOL is missing', example);
  if (operation === 'scale') {
    if (counts.length === 0) throw new UsageError('argument COMPONENT=N is missing', example);
    const targets = counts.map(givenReplicas);
    for (const { component } of targets)
      if (targets.filter((each) => each.component === component).length > 1)
        throw new UsageError(`${component} is given twice`, example);
    return { operation, pool, targets };
  }
  if (counts[0] !== undefined)
    throw new UsageError(`unexpected argument ${JSON.stringify(counts[0])}`, example);
  return { operation: 'remove', pool };
}

function givenReplicas(text: string): GivenReplicas {
  const match = /^(meta|chunk|zookeeper)=(\d{1,3})$/.exec(text);
  if (match === null)
    throw new UsageError(
      `${JSON.stringify(text)} is not COMPONENT=N, with chunk, meta or zookeeper and a whole number up to 999`,
      EXAMPLES.scale,
    );
  return { component: match[1] as GivenReplicas['component'], replicas: Number(match[2]) };
}
