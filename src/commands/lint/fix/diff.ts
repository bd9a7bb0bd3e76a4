import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { ManifestFile } from '../../../manifests/types.ts';
import { type Colors, colorsFor } from '../../../report/colors.ts';
import { sanitize } from '../../../core/base/sanitize.ts';
import type { Io } from '../../io.ts';

/**
 * The unified diff of a file, as `patch -p0` reads it; empty if nothing differs. On a terminal, control
 * characters are escaped; otherwise it is byte for byte.
 */
export function unifiedDiff(before: ManifestFile, after: ManifestFile, { stdout, env }: Io): string {
  if (before.text === after.text) return '';
  const patch = createTwoFilesPatch(before.name, after.name, before.text, after.text, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
  const colors = colorsFor(stdout.isTerminal, env);
  const printable = (line: string): string => (stdout.isTerminal ? sanitize(line.replace(/\r$/, '')) : line);
  return patch
    .split('\n')
    .map((line) => colored(printable(line), colors))
    .join('\n');
}

function colored(line: string, colors: Colors): string {
  if (line === '' || line.startsWith(' ')) return line;
  if (line.startsWith('--- ') || line.startsWith('+++ ')) return colors.bold(line);
  if (line.startsWith('@@')) return colors.blue(line);
  return line.startsWith('+') ? colors.green(line) : line.startsWith('-') ? colors.red(line) : line;
}
