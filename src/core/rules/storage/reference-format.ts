import { formatPath } from '../../base/path.ts';
import { parameterFix } from '../../checks/class-parameter.ts';
import type { Rule } from '../../rule.ts';
import { isIomeshClass, readReference, referenceParameters } from '../../iomesh/storage-class.ts';
import { quoted, quotedInFull } from '../../base/text.ts';
import { RECREATE } from '../../iomesh/class-parameters.ts';
import { guessReference, REFERENCE_KINDS } from '../../iomesh/references.ts';

export const referenceFormat: Rule = {
  code: 'IOM502',
  name: 'reference-format',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['StorageClass'],
  check(subject, world, report) {
    if (!isIomeshClass(subject, world.config)) return;
    for (const name of referenceParameters(world.iomeshVersion)) {
      const reference = readReference(world, subject, name);
      if (reference.state !== 'malformed') continue;
      const path = ['parameters', name];
      const meant = guessReference(world, name, reference.text);
      report({
        path,
        message: `${name} is ${quoted(reference.text)}, but must be <namespace>/<name>: ${reason(reference.text)}`,
        help: `set ${formatPath(path)} to ${quotedInFull(meant ?? `<namespace>/<${REFERENCE_KINDS[name]}>`)}; ${RECREATE}`,
        fix: meant === undefined ? undefined : parameterFix(name, meant),
      });
    }
  },
};

function reason(text: string): string {
  if (text.trim() === '') return 'it is empty';
  if (/\s/.test(text)) return 'it contains a space';
  const slashes = text.split('/').length - 1;
  if (slashes === 0 || text.startsWith('/')) return 'the namespace is missing';
  if (text.endsWith('/')) return 'the name is missing';
  if (slashes > 1) return 'it contains more than one slash';
  return /[A-Z]/.test(text) ? 'it contains capital letters' : 'it is not a valid name of an object';
}
