import type { Config } from '../../core/base/config.ts';
import type { FileSelection } from '../../manifests/input-files.ts';
import { inlineReleases } from '../../manifests/helm/inline.ts';
import { type Input, readInput } from '../input.ts';
import type { Io } from '../io.ts';
import type { GivenValues } from './options.ts';
import type { InputWithValues } from './read.ts';

/** Reads the manifests of some paths, and the files of `--values` if there are any. */
export async function readInputWithValues(
  paths: readonly string[],
  selection: FileSelection,
  given: readonly GivenValues[],
  config: Config,
  io: Io,
): Promise<InputWithValues> {
  const input = await readInput(paths, selection, io);
  if (given.length === 0 && !hasInlineValues(input)) return { input, invalid: [], more: () => undefined };
  return (await import('./read.ts')).addValues(input, given, config, io);
}

/** True if a file has Helm values in an object, such as a HelmRelease. */
export function hasInlineValues({ files }: Input): boolean {
  return files.some((file) => inlineReleases(file).length > 0);
}
