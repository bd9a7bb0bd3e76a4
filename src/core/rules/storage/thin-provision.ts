import { readString } from '../../schema/read-field.ts';
import { formatPath } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import { isIomeshClass } from '../../iomesh/storage-class.ts';
import { suggest } from '../../base/suggest.ts';
import { quoted } from '../../base/text.ts';
import { RECREATE } from '../../iomesh/class-parameters.ts';

const PATH = ['parameters', 'thinProvision'];
const YES: readonly string[] = ['yes', 'y', 'on', '1', 't', 'thin', 'enabled'];
const NO: readonly string[] = ['no', 'n', 'off', '0', 'f', 'thick', 'disabled'];

export const thinProvision: Rule = {
  code: 'IOM508',
  name: 'thin-provision',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['StorageClass'],
  check(subject, world, report) {
    if (!isIomeshClass(subject)) return;
    const field = readString(world, subject, PATH);
    if (field.state !== 'present' || field.value === 'true' || field.value === 'false') return;
    const meant = valueMeant(field.value);
    const value = meant ?? 'true';
    report({
      path: PATH,
      message: `thinProvision is ${quoted(field.value)}, but must be "true" or "false"`,
      help: `set ${formatPath(PATH)} to ${meant === undefined ? '"true" (the default) or "false"' : quoted(value)}; ${RECREATE}`,
      fix: {
        safety: 'unsafe',
        description: `set it to ${quoted(value)}`,
        edits: [{ op: 'replace', path: PATH, value }],
      },
    });
  },
};

function valueMeant(text: string): string | undefined {
  const word = text.trim().toLowerCase();
  if (YES.includes(word)) return 'true';
  if (NO.includes(word)) return 'false';
  return suggest(word, ['true', 'false']) ?? (word === 'true' || word === 'false' ? word : undefined);
}
