import { resolve } from 'node:path';
import type { ConfigFile } from '../config/load.ts';
import type { FileSelection } from '../manifests/input-files.ts';
import { UsageError } from '../usage-error.ts';
import type { Arguments, Flag } from './command.ts';

/** `--config`, of every verb that reads a configuration. */
export const configFlag = {
  config: {
    type: 'string',
    short: 'c',
    value: 'FILE',
    completion: 'files',
    description: 'use this configuration file instead of the nearest iomesh-guard.yaml',
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** `--world`, of every verb that reads one of several Kubernetes clusters. */
export const worldFlag = {
  world: {
    type: 'string',
    value: 'NAME',
    description:
      'read only this world: a name of `worlds` in the configuration, or a directory with a configuration of its own',
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** The flags of every verb that reads manifests. */
export const selectionFlags = {
  exclude: {
    type: 'string',
    multiple: true,
    value: 'GLOB',
    description:
      'do not read these files and directories: a pattern as in .gitignore, from the working directory',
  },
  'no-ignore': {
    type: 'boolean',
    description: 'also read hidden directories, and files that git ignores',
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** What not to read of the directories and patterns of the command line. */
export interface SelectionOptions {
  readonly patterns: readonly string[];
  readonly noIgnore: boolean;
}

/** Reads the flags of {@link selectionFlags}. Throws a UsageError for an empty pattern. */
export function selectionOptions(args: Arguments): SelectionOptions {
  const patterns = args.all('exclude');
  if (patterns.includes(''))
    throw new UsageError('--exclude needs a pattern', `iomesh-guard ${args.verb} --exclude old/`);
  return { patterns, noIgnore: args.has('no-ignore') };
}

/** The files to read, by the flags and the configuration. */
export function fileSelection(
  { patterns, noIgnore }: SelectionOptions,
  { exclude, path, isNamed }: ConfigFile,
  cwd: string,
): FileSelection {
  return {
    exclude: patterns.length === 0 ? exclude : [...exclude, { folder: cwd, patterns }],
    noIgnore,
    config: { path, isNamed },
  };
}

/** The flags of every verb that reads a live cluster. */
export const clusterFlags = {
  kubeconfig: {
    type: 'string',
    value: 'FILE',
    completion: 'files',
    description:
      'the kubeconfig file; default $KUBECONFIG, then ~/.kube/config, then the ServiceAccount of the pod',
  },
  context: {
    type: 'string',
    value: 'NAME',
    description: 'the context of the kubeconfig; default its current context',
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** The same flags for a verb that reads a live cluster only if one of them is given. */
export function optionalClusterFlags(description: string) {
  return {
    context: { ...clusterFlags.context, description },
    kubeconfig: {
      ...clusterFlags.kubeconfig,
      description: 'the same with this kubeconfig file; without --context, its current context',
    },
  } as const satisfies Readonly<Record<string, Flag>>;
}

/** Which live cluster to read. */
export interface ClusterOptions {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
}

/** Reads the cluster flags; relative paths start at `cwd`. Throws a UsageError for an empty value. */
export function clusterOptions(args: Arguments, cwd: string): ClusterOptions {
  const kubeconfig = args.get('kubeconfig');
  const context = args.get('context');
  if (kubeconfig === '')
    throw new UsageError(
      '--kubeconfig needs a file name',
      `iomesh-guard ${args.verb} --kubeconfig ~/.kube/config`,
    );
  if (context === '')
    throw new UsageError('--context needs a name', 'kubectl config get-contexts lists the names');
  return { kubeconfig: kubeconfig === undefined ? undefined : resolve(cwd, kubeconfig), context };
}

/** The same, or undefined if neither flag is given. */
export function optionalClusterOptions(args: Arguments, cwd: string): ClusterOptions | undefined {
  return args.has('kubeconfig') || args.has('context') ? clusterOptions(args, cwd) : undefined;
}

/** `--from`, of every verb that takes existing objects from files or a live cluster. `what` begins the description. */
export function fromFlag(what: string) {
  return {
    from: {
      type: 'string',
      multiple: true,
      value: 'PATH',
      completion: 'files',
      description:
        `${what}: a file, a directory, a glob pattern or -; default the current directory, ` +
        'or none with --context or --kubeconfig',
    },
  } as const satisfies Readonly<Record<string, Flag>>;
}

/** The paths of `--from`; the current directory if neither it nor a live cluster is given. Throws a UsageError for an empty one. */
export function givenPaths(
  args: Arguments,
  cluster: ClusterOptions | undefined,
  example: string,
): readonly string[] {
  const from = args.all('from');
  if (from.includes(''))
    throw new UsageError('--from needs a file or directory', `${example} --from clusters/`);
  return from.length > 0 || cluster !== undefined ? from : ['.'];
}
