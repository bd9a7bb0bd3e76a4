import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDnsLabel } from '../../core/base/names.ts';
import { UsageError } from '../../usage-error.ts';
import type { Arguments, Flag } from '../command.ts';
import { findingsFlags, findingsOptions } from '../findings/options.ts';
import type { FindingsOptions } from '../findings/types.ts';
import { type ClusterOptions, optionalClusterFlags, optionalClusterOptions } from '../shared-options.ts';

/** The flags of `lint`. */
export const lintFlags = {
  ...findingsFlags,
  ...optionalClusterFlags('check the files as a change of the cluster of this kubeconfig context'),
  values: {
    type: 'string',
    multiple: true,
    value: 'FILE[=RELEASE/NAMESPACE]',
    completion: 'files',
    description:
      'check Helm values as the cluster that they install, by default the management cluster; ' +
      'several files of one release are merged in order, as with helm -f',
  },
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
  'allow-empty': {
    type: 'boolean',
    description: 'exit with 0 even if no IOMesh objects are found',
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** The values of the flags of `lint`. */
export interface LintOptions extends FindingsOptions {
  readonly paths: readonly string[];
  readonly values: readonly GivenValues[];
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

/** One file of `--values`. */
export interface GivenValues {
  /** As the user named it; `-` for standard input. */
  readonly file: string;
  /** Undefined for the management cluster of the configuration. */
  readonly release: { readonly name: string; readonly namespace: string } | undefined;
}

/** Reads the flags of `lint`. Throws a UsageError for wrong usage. */
export function lintOptions(args: Arguments, cwd: string): LintOptions {
  const values = givenValues(args, cwd);
  return {
    ...findingsOptions(args),
    paths: args.positionals.length > 0 || values.length > 0 ? args.positionals : ['.'],
    values,
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

/** The files of `--values`, in the order of the command line. */
function givenValues(args: Arguments, cwd: string): readonly GivenValues[] {
  const given = args
    .all('values')
    .map((value) => parseValues(value, (file) => existsSync(resolve(cwd, file))));
  const fromStdin = given.filter(({ file }) => file === '-').length;
  if (fromStdin > 0 && fromStdin + Number(args.positionals.includes('-')) > 1)
    throw new UsageError('standard input is used twice', 'give - only once, as PATH or as --values');
  return given;
}

/** The longest release name that Helm accepts: maxReleaseNameLen of https://github.com/helm/helm/blob/v3.16.0/pkg/chartutil/validate_name.go. */
const MAX_RELEASE = 53;

/** Text after the last `=` is a release, unless a file has the whole name. */
function parseValues(text: string, exists: (file: string) => boolean): GivenValues {
  const equals = text.lastIndexOf('=');
  if (text === '' || equals === 0)
    throw new UsageError('--values needs a file name', 'iomesh-guard lint --values iomesh.yaml');
  if (equals < 0 || exists(text)) return { file: text, release: undefined };
  const [file, release] = [text.slice(0, equals), text.slice(equals + 1)];
  const [name = '', namespace = '', ...rest] = release.split('/');
  if (rest.length > 0 || !isDnsLabel(name) || name.length > MAX_RELEASE || !isDnsLabel(namespace))
    throw new UsageError(
      `${JSON.stringify(release)} in --values ${text} is not RELEASE/NAMESPACE`,
      'iomesh-guard lint --values iomesh.yaml=iomesh/iomesh-system',
    );
  return { file, release: { name, namespace } };
}
