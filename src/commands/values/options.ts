import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { ConfigFile } from '../../config/load.ts';
import { isDnsLabel } from '../../core/base/names.ts';
import { UsageError } from '../../usage-error.ts';
import type { Arguments, Flag } from '../command.ts';

/** `--values`, of every verb that reads Helm values in place of the objects that they install. */
export function valuesFlag(description: string) {
  return {
    values: {
      type: 'string',
      multiple: true,
      value: 'FILE[=RELEASE/NAMESPACE]',
      completion: 'files',
      description: `${description}; several files of one release are merged in order, as with helm -f`,
    },
  } as const satisfies Readonly<Record<string, Flag>>;
}

/** One file of `--values`. */
export interface GivenValues {
  /** As the user named it; `-` for standard input. */
  readonly file: string;
  /** Undefined for the management cluster of the configuration. */
  readonly release: { readonly name: string; readonly namespace: string } | undefined;
}

/**
 * The files of `--values`, in the order of the command line. `paths` are the manifests that are read with
 * them, `example` is a command without the flag. Throws a UsageError for wrong usage.
 */
export function givenValues(
  args: Arguments,
  paths: readonly string[],
  cwd: string,
  example: string,
): readonly GivenValues[] {
  const given = args
    .all('values')
    .map((value) => parseValues(value, example, (file) => existsSync(resolve(cwd, file))));
  const fromStdin = given.filter(({ file }) => file === '-').length;
  if (fromStdin > 0 && fromStdin + Number(paths.includes('-')) > 1)
    throw new UsageError('standard input is used twice', 'give - only once, for manifests or for --values');
  return given;
}

/** The files of `values` of a configuration, as `--values` names them. */
export function valuesOf({ path, values }: ConfigFile, cwd: string): readonly GivenValues[] {
  return values.length === 0 || path === undefined ? [] : configuredValues(values, dirname(path), cwd);
}

/** The files of `values` of a configuration in a directory, as `--values` names them. */
export function configuredValues(
  texts: readonly string[],
  folder: string,
  cwd: string,
): readonly GivenValues[] {
  return texts.map((text) => {
    const { file, release } = parseValues(text, 'iomesh-guard lint', (name) =>
      existsSync(resolve(folder, name)),
    );
    return { file: relative(cwd, resolve(folder, file)), release };
  });
}

/** The longest release name that Helm accepts: maxReleaseNameLen of https://github.com/helm/helm/blob/v3.16.0/pkg/chartutil/validate_name.go. */
const MAX_RELEASE = 53;

/** Text after the last `=` is a release, unless a file has the whole name. */
function parseValues(text: string, example: string, exists: (file: string) => boolean): GivenValues {
  const equals = text.lastIndexOf('=');
  if (text === '' || equals === 0)
    throw new UsageError('--values needs a file name', `${example} --values iomesh.yaml`);
  if (equals < 0 || exists(text)) return { file: text, release: undefined };
  const [file, release] = [text.slice(0, equals), text.slice(equals + 1)];
  const [name = '', namespace = '', ...rest] = release.split('/');
  if (rest.length > 0 || !isDnsLabel(name) || name.length > MAX_RELEASE || !isDnsLabel(namespace))
    throw new UsageError(
      `${JSON.stringify(release)} in --values ${text} is not RELEASE/NAMESPACE`,
      `${example} --values iomesh.yaml=iomesh/iomesh-system`,
    );
  return { file, release: { name, namespace } };
}
