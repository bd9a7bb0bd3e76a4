import type { Json } from '../../core/base/json.ts';
import { typeName } from '../../core/base/json.ts';
import { formatPath } from '../../core/base/path.ts';
import { quoted } from '../../core/base/text.ts';
import type { ReadDocument } from '../read-yaml.ts';
import type { SourceText } from '../source.ts';
import type { ManifestFault } from '../types.ts';
import type { DuplicateKey } from '../yaml/compose.ts';

/** A fault whose place is yet to be found. */
export type Placeless = Omit<ManifestFault, 'start' | 'end'>;

/** A key that stands twice: Helm too keeps the later one. */
export function duplicateFault(duplicate: DuplicateKey, source: SourceText): ManifestFault {
  const key = quoted(String(duplicate.path.at(-1)));
  const where = formatPath(duplicate.path.slice(0, -1));
  return {
    kind: 'duplicate-key',
    message: `the key ${key} stands twice${where === '' ? '' : ` in ${quoted(where)}`}; Helm keeps only the later one`,
    help: 'remove one of the two, or put what stands below them together',
    start: source.toFile(duplicate.start),
    end: source.toFile(duplicate.end),
    related: [
      {
        message: 'the first one, whose value is lost',
        start: source.toFile(duplicate.first),
        end: source.toFile(duplicate.firstEnd),
      },
    ],
  };
}

/** Text behind the first document, which Helm never reads. */
export function droppedFault(
  { start, end, marker }: NonNullable<ReadDocument['dropped']>,
  source: SourceText,
): ManifestFault {
  return {
    kind: 'dropped-text',
    message:
      `Helm silently ignores this text: the values end ${marker ? 'with a line `...`' : ''} before it`.replace(
        '  ',
        ' ',
      ),
    help: 'Helm reads one document of a values file: remove the line that ends it, or put the rest into a file of its own and name it with --values too',
    start: source.toFile(start),
    end: source.toFile(Math.max(end, start)),
  };
}

/** A file whose top is no mapping. */
export function notValuesFault(json: Json): Placeless {
  return {
    kind: 'syntax',
    message: `Helm refuses these values: they are ${typeName(json)}, not a mapping`,
    help: 'write `key: value` lines, with all about the cluster below `iomesh:`',
  };
}

/** Values that are still a template. */
export function templateFault(text: string): Placeless {
  return {
    kind: 'syntax',
    message: `the values hold a template expression, ${quoted(text)}, which Helm takes as plain text in a values file`,
    help: 'render the file with the tool that fills it in, then judge the result; or judge the rendered chart: `helm template … | iomesh-guard lint -`',
  };
}
