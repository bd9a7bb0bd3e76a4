import { resolve } from 'node:path';
import { count } from '../../report/summary.ts';
import type { GivenValues } from './options.ts';

const MAX_HINTS = 3;

/** Notes about skipped files that look like Helm values of IOMesh, except those of `--values`. */
export function valuesHints(
  skipped: readonly string[],
  given: readonly GivenValues[],
  cwd: string,
): readonly string[] {
  const checked = new Set(given.map(({ file }) => resolve(cwd, file)));
  const others = skipped.filter((name) => !checked.has(resolve(cwd, name)));
  const rest = others.length - MAX_HINTS;
  return [
    ...others
      .slice(0, MAX_HINTS)
      .map((name) => `${name} looks like Helm values of IOMesh and was skipped; add --values ${name}`),
    ...(rest > 0
      ? [`${count(rest, 'more file')} ${rest === 1 ? 'looks' : 'look'} like Helm values of IOMesh`]
      : []),
  ];
}
