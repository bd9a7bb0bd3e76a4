import { bytesOf, MEBIBYTE } from '../../base/quantity.ts';
import { atLeast } from '../../base/iomesh-version.ts';
import { formatPath } from '../../base/path.ts';
import { suggest } from '../../base/suggest.ts';
import { either, quoted } from '../../base/text.ts';
import { booleanMeant, parameterFix } from '../../checks/class-parameter.ts';
import { RECREATE } from '../../iomesh/class-parameters.ts';
import { isIomeshClass } from '../../iomesh/storage-class.ts';
import type { Rule, Violation } from '../../rule.ts';
import { readString } from '../../schema/read-field.ts';

const PROTOCOLS: readonly string[] = ['iscsi', 'nvmf'];
const BOOLEANS: readonly string[] = ['true', 'false'];
const LEAST_IOPS = 50n;
const LEAST_BPS = 10n * MEBIBYTE;

/** The violation of a value that the guide does not allow, by parameter. */
const CHECKS: Readonly<Record<string, (name: string, value: string) => Violation | undefined>> = {
  protocol: (name, value) => oneOf(name, value, PROTOCOLS, suggest(value, PROTOCOLS)),
  enableClusterTopology: (name, value) => oneOf(name, value, BOOLEANS, booleanMeant(value)),
  'smartx.com/iops': (name, value) => {
    const count = /^\d{1,30}$/.test(value) ? BigInt(value) : undefined;
    return limit(name, value, count, LEAST_IOPS, String(LEAST_IOPS));
  },
  'smartx.com/bps': (name, value) => limit(name, value, bytesOf(value), LEAST_BPS, '10Mi'),
};

export const parameterValue: Rule = {
  code: 'IOM516',
  name: 'parameter-value',
  // Only the guide of 1.2 describes these values, so a later release may accept more.
  severity: { lint: 'error', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['StorageClass'],
  check(subject, world, report) {
    if (!atLeast(world.iomeshVersion, '1.2') || !isIomeshClass(subject, world.config)) return;
    for (const [name, check] of Object.entries(CHECKS)) {
      const field = readString(world, subject, ['parameters', name]);
      const violation = field.state === 'present' ? check(name, field.value) : undefined;
      if (violation !== undefined) report(violation);
    }
  },
};

function oneOf(
  name: string,
  value: string,
  accepted: readonly string[],
  meant: string | undefined,
): Violation | undefined {
  if (accepted.includes(value)) return undefined;
  const path = ['parameters', name];
  const target = meant === undefined ? either(accepted.map(quoted)) : quoted(meant);
  return {
    path,
    message: `${name} is ${quoted(value)}, but must be ${either(accepted.map(quoted))}`,
    help: `set ${formatPath(path)} to ${target}; ${RECREATE}`,
    fix: meant === undefined ? undefined : parameterFix(name, meant),
  };
}

function limit(
  name: string,
  value: string,
  actual: bigint | undefined,
  least: bigint,
  leastText: string,
): Violation | undefined {
  if (actual === 0n || (actual !== undefined && actual >= least)) return undefined;
  const path = ['parameters', name];
  return {
    path,
    message: `${name} is ${quoted(value)}, but must be "0" or at least ${quoted(leastText)}`,
    help: `set ${formatPath(path)} to "0", or to ${quoted(leastText)} or more; ${RECREATE}`,
  };
}
