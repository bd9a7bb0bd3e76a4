import { UsageError } from '../../usage-error.ts';
import type { Arguments, Flag } from '../command.ts';
import { findingsFlags, findingsOptions } from '../findings/options.ts';
import type { FindingsOptions } from '../findings/types.ts';
import {
  type ClusterOptions,
  optionalClusterFlags,
  optionalClusterOptions,
  selectionFlags,
  type SelectionOptions,
  selectionOptions,
  worldFlag,
} from '../shared-options.ts';
import { type GivenValues, givenValues, valuesFlag } from '../values/options.ts';

/** The flags of `lint`. */
export const lintFlags = {
  ...findingsFlags,
  ...optionalClusterFlags('check the files as a change of the cluster of this kubeconfig context'),
  ...valuesFlag('check Helm values as the cluster that they install, by default the management cluster'),
  fix: {
    type: 'boolean',
    description: 'apply the safe fixes to the files, and report the remaining findings',
  },
  'unsafe-fixes': {
    type: 'boolean',
    description: 'with --fix or --diff: also apply fixes that change a value',
  },
  diff: {
    type: 'boolean',
    description:
      'print the changes of --fix as a unified diff and write nothing; exit with 1 if there are any',
  },
  ...selectionFlags,
  ...worldFlag,
  kustomize: {
    type: 'string',
    multiple: true,
    value: 'DIR',
    completion: 'directories',
    description:
      'render the kustomization of this directory with kustomize or kubectl, and check the objects; findings are shown in its sources',
  },
  'stdin-filename': {
    type: 'string',
    value: 'FILE',
    completion: 'files',
    description:
      'standard input (-) is the text of this file: findings have its name, and the file itself is not read',
  },
  'show-files': {
    type: 'boolean',
    description: 'print the names of the files that would be read, and check nothing',
  },
  'show-config': {
    type: 'boolean',
    description: 'print which configuration is used and its effect, and check nothing',
  },
  'allow-empty': {
    type: 'boolean',
    description: 'exit with 0 even if no IOMesh objects are found',
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** The values of the flags of `lint`. */
export interface LintOptions extends FindingsOptions {
  readonly paths: readonly string[];
  readonly values: readonly GivenValues[];
  readonly selection: SelectionOptions;
  /** The one of several worlds to check; undefined for all. */
  readonly world: string | undefined;
  /** The file that standard input is the text of. */
  readonly stdinFile: string | undefined;
  /** The directories of kustomizations to render. */
  readonly kustomize: readonly string[];
  readonly showFiles: boolean;
  readonly showConfig: boolean;
  readonly fixes: FixOptions;
  /** The live cluster that the files change; undefined if the files are checked alone. */
  readonly cluster: ClusterOptions | undefined;
}

/** Which fixes to apply, and how. */
export interface FixOptions {
  /** Undefined: none. `--diff` overrides `--fix`. */
  readonly mode: 'write' | 'diff' | undefined;
  readonly unsafe: boolean;
}

/** Reads the flags of `lint`. Throws a UsageError for wrong usage. */
export function lintOptions(args: Arguments, cwd: string): LintOptions {
  const values = givenValues(args, args.positionals, cwd, 'iomesh-guard lint');
  const kustomize = args.all('kustomize');
  if (kustomize.includes(''))
    throw new UsageError(
      '--kustomize needs a directory',
      'iomesh-guard lint --kustomize overlays/production',
    );
  const stdinFile = args.get('stdin-filename');
  if (stdinFile !== undefined && !args.positionals.includes('-'))
    throw new UsageError(
      '--stdin-filename needs standard input',
      'iomesh-guard lint --stdin-filename clusters/a.yaml - clusters/',
    );
  if (stdinFile === '') throw new UsageError('--stdin-filename needs a file name');
  if (stdinFile !== undefined && args.has('fix') && !args.has('diff'))
    throw new UsageError(
      '--fix cannot change standard input',
      'use --diff in place of --fix, and apply its output to the text',
    );
  return {
    ...findingsOptions(args),
    paths: args.positionals.length + values.length + kustomize.length > 0 ? args.positionals : ['.'],
    values,
    selection: selectionOptions(args),
    world: args.get('world'),
    stdinFile,
    kustomize,
    showFiles: args.has('show-files'),
    showConfig: args.has('show-config'),
    fixes: fixOptions(args),
    cluster: optionalClusterOptions(args, cwd),
  };
}

function fixOptions(args: Arguments): FixOptions {
  const mode = args.has('diff') ? 'diff' : args.has('fix') ? 'write' : undefined;
  const unsafe = args.has('unsafe-fixes');
  if (unsafe && mode === undefined)
    throw new UsageError(
      '--unsafe-fixes needs --fix or --diff',
      'iomesh-guard lint --diff --unsafe-fixes shows the changes first',
    );
  const report = ['format', 'output'].find((name) => args.has(name));
  if (mode === 'diff' && report !== undefined)
    throw new UsageError(
      `--diff prints a diff instead of a report, so --${report} has no effect`,
      'iomesh-guard lint --diff',
    );
  return { mode, unsafe };
}
