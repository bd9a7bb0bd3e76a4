import { readString } from '../../schema/read-field.ts';
import type { Rule } from '../../rule.ts';
import { isIomeshClass } from '../../iomesh/storage-class.ts';
import { suggest } from '../../base/suggest.ts';
import { invalidParameter } from '../../checks/class-parameter.ts';

const NAME = 'thinProvision';
const YES: readonly string[] = ['yes', 'y', 'on', '1', 't', 'thin', 'enabled'];
const NO: readonly string[] = ['no', 'n', 'off', '0', 'f', 'thick', 'disabled'];

export const thinProvision: Rule = {
  code: 'IOM508',
  name: 'thin-provision',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['StorageClass'],
  check(subject, world, report) {
    if (!isIomeshClass(subject, world.config)) return;
    const { state, value } = readString(world, subject, ['parameters', NAME]);
    if (state !== 'present' || value === 'true' || value === 'false') return;
    report(invalidParameter(NAME, value, ['true', 'false'], valueMeant(value)));
  },
};

function valueMeant(text: string): string | undefined {
  const word = text.trim().toLowerCase();
  if (YES.includes(word)) return 'true';
  if (NO.includes(word)) return 'false';
  return suggest(word, ['true', 'false']) ?? (word === 'true' || word === 'false' ? word : undefined);
}
