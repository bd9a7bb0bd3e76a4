import { UsageError } from '../../usage-error.ts';
import type { PoolRequest } from '../../core/new-pool/request.ts';
import { suggest } from '../../core/base/suggest.ts';
import { type ClusterOptions, clusterIfAsked } from '../cluster-options.ts';
import type { Arguments } from '../command.ts';

export interface NewOptions {
  readonly request: PoolRequest;
  readonly config: string | undefined;
  /** Manifests that are there already; none where a cluster alone was named. */
  readonly from: readonly string[];
  readonly cluster: ClusterOptions | undefined;
  /** Where the folder goes; undefined means standard output. */
  readonly output: string | undefined;
  readonly dryRun: boolean;
}

const USAGE = 'iomesh-guard new pool NAME --nodes a,b,c';
const MAX_CHUNKS = 255;

/** The arguments of `new`, understood. Throws a UsageError where they make no sense. */
export function newOptions(args: Arguments, cwd: string): NewOptions {
  const [what, name, extra] = args.positionals;
  if (what !== 'pool') {
    const meant = what !== undefined && suggest(what, ['pool']) !== undefined ? '; did you mean pool?' : '';
    throw new UsageError(
      what === undefined
        ? 'new needs to know what: pool'
        : `new does not know ${JSON.stringify(what)}${meant}`,
      USAGE,
    );
  }
  if (name === undefined || name === '') throw new UsageError('the new pool needs a name', USAGE);
  if (extra !== undefined)
    throw new UsageError(`new pool takes one name; ${JSON.stringify(extra)} is too many`, USAGE);
  const cluster = clusterIfAsked(args, cwd);
  const from = all(args, 'from');
  if (from.includes('')) throw new UsageError('--from needs a file or directory');
  const output = args.get('output') ?? '.';
  if (output === '') throw new UsageError('--output needs the name of a directory, or -');
  return {
    request: {
      name,
      namespace: args.get('namespace') ?? name,
      nodes: all(args, 'nodes').flatMap((each) => each.split(',').map((node) => node.trim())),
      dataCidr: args.get('data-cidr'),
      metaReplicas: args.get('meta-replicas') === '5' ? 5 : 3,
      chunkReplicas: chunks(args.get('chunk-replicas')),
    },
    config: args.get('config'),
    from: from.length > 0 || cluster !== undefined ? from : ['.'],
    cluster,
    output: output === '-' ? undefined : output,
    dryRun: args.has('dry-run'),
  };
}

function all(args: Arguments, name: string): string[] {
  return args.flags.flatMap((flag) => (flag.name === name ? [flag.value ?? ''] : []));
}

function chunks(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (number < 3 || number > MAX_CHUNKS)
    throw new UsageError(
      `--chunk-replicas cannot be ${JSON.stringify(text)}`,
      `it is a whole number from 3 to ${MAX_CHUNKS}`,
    );
  return number;
}
