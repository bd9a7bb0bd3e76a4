import { atLeast } from '../../base/iomesh-version.ts';
import type { Resource } from '../../base/model.ts';
import { joined } from '../../base/text.ts';
import { relatedField } from '../../finding.ts';
import {
  CHAP_SECRET_PARAMETERS,
  misspelling,
  parameterNames,
  RECREATE,
  secretPartner,
} from '../../iomesh/class-parameters.ts';
import { isIomeshClass, parameter } from '../../iomesh/storage-class.ts';
import type { Rule } from '../../rule.ts';
import type { World } from '../../world.ts';

export const parameterMissing: Rule = {
  code: 'IOM517',
  name: 'parameter-missing',
  severity: { lint: 'error', admission: 'warn' },
  kinds: ['StorageClass'],
  check(subject, world, report) {
    if (!isIomeshClass(subject, world.config)) return;
    for (const [name, required] of requirements(subject, world)) {
      const missing = required.filter(
        (each) =>
          parameter(subject, each) === undefined &&
          !parameterNames(subject).includes(each) &&
          // IOM510 reports a misspelt parameter.
          misspelling(subject, each, world.iomeshVersion) === undefined,
      );
      if (missing.length === 0) continue;
      const set = name === 'auth' ? 'auth is "true"' : `${name} is set`;
      report({
        path: ['parameters', name],
        part: 'key',
        message: `${set}, but ${joined(missing)} ${missing.length === 1 ? 'is' : 'are'} missing`,
        help: `add ${joined(missing)}, or remove ${name}; ${RECREATE}`,
        related: required
          .filter((each) => !missing.includes(each) && parameterNames(subject).includes(each))
          .map((each) => relatedField(subject, ['parameters', each])),
        evidence: missing,
      });
    }
  },
};

/** The parameters of a class that require others. */
function* requirements(subject: Resource, world: World): Iterable<readonly [string, readonly string[]]> {
  const names = parameterNames(subject);
  if (atLeast(world.iomeshVersion, '1.2')) {
    if (names.includes('ec_k')) yield ['ec_k', ['ec_m']];
    if (names.includes('ec_m')) yield ['ec_m', ['ec_k']];
  }
  const chap = parameter(subject, 'auth') === 'true';
  if (chap) yield ['auth', CHAP_SECRET_PARAMETERS];
  for (const name of names) {
    const partner = secretPartner(name);
    const reported = chap && CHAP_SECRET_PARAMETERS.includes(name);
    if (partner !== undefined && !reported) yield [name, [partner]];
  }
}
