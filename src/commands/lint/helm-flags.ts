import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDnsLabel } from '../../core/base/names.ts';
import { UsageError } from '../../usage-error.ts';
import type { Arguments, Flag } from '../command.ts';

/** The flag that names Helm values. */
export const valuesFlags = {
  values: {
    type: 'string',
    multiple: true,
    value: 'FILE[=RELEASE/NAMESPACE]',
    description:
      'judge Helm values as the cluster they install; without a release it is the management cluster; ' +
      'several files of one release are merged in order, as by helm -f',
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** One file of values that was named. */
export interface GivenValues {
  /** As the user named it; `-` for standard input. */
  readonly file: string;
  /** Undefined for the management cluster of the configuration. */
  readonly release: { readonly name: string; readonly namespace: string } | undefined;
}

/** Helm takes no longer name for a release. */
const MAX_RELEASE = 53;

/**
 * The files of `--values`, in the order given. What stands behind the last `=` is a release, unless a
 * file has that whole name. Throws a UsageError that says how it is written.
 */
export function givenValues(args: Arguments, cwd: string): readonly GivenValues[] {
  const given = args.flags
    .filter(({ name }) => name === 'values')
    .map(({ value = '' }) => parse(value, (file) => existsSync(resolve(cwd, file))));
  const fromStdin = given.filter(({ file }) => file === '-').length + Number(args.positionals.includes('-'));
  if (given.some(({ file }) => file === '-') && fromStdin > 1)
    throw new UsageError('standard input was named twice', 'only one of PATH and --values can be -');
  return given;
}

function parse(text: string, exists: (file: string) => boolean): GivenValues {
  const equals = text.lastIndexOf('=');
  if (text === '' || equals === 0)
    throw new UsageError('--values needs the name of a file', 'as FILE, or FILE=RELEASE/NAMESPACE');
  if (equals < 0 || exists(text)) return { file: text, release: undefined };
  const [file, release] = [text.slice(0, equals), text.slice(equals + 1)];
  const [name = '', namespace = '', ...rest] = release.split('/');
  if (rest.length > 0 || !isDnsLabel(name) || name.length > MAX_RELEASE || !isDnsLabel(namespace))
    throw new UsageError(
      `--values ${text}: ${JSON.stringify(release)} is not a release and its namespace`,
      'write it as helm knows them: --values FILE=RELEASE/NAMESPACE, such as iomesh.yaml=iomesh/iomesh-system',
    );
  return { file, release: { name, namespace } };
}

/** Hints at files that were skipped though they look like values of IOMesh, but for those that were named. */
export function valuesHints(
  skipped: readonly string[],
  given: readonly GivenValues[],
  cwd: string,
): readonly string[] {
  const named = new Set(given.map(({ file }) => resolve(cwd, file)));
  const others = skipped.filter((name) => !named.has(resolve(cwd, name)));
  const shown = others.slice(0, MAX_HINTS);
  const more =
    others.length > shown.length ? [`${others.length - shown.length} more files look like values`] : [];
  return [
    ...shown.map((name) => `${name} looks like Helm values of IOMesh: --values ${name} judges it`),
    ...more,
  ];
}

const MAX_HINTS = 3;
