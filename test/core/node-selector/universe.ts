import fc from 'fast-check';
import type { JsonObject } from '../../../src/core/base/json.ts';
import { type KnownNode, matches, type Selection } from '../../../src/core/node-selector/index.ts';
import { expression, HOSTNAME, requiring } from './helpers.ts';

/**
 * All nodes that the selections of {@link anyPodPolicy} can distinguish: each value that a requirement may
 * list, and one that none lists, for texts and for each integer. A selection that no node of these satisfies,
 * no node does.
 */
export const NAMES = ['node-a', 'node-b', 'node-c'];
const HOSTNAMES = ['', 'a', 'b', 'c'];
const LEVELS = ['4', '5', '05', '6', 'x', ''];
const ABSENT = undefined;

export const VALUES: Readonly<Record<string, readonly (string | undefined)[]>> = {
  'metadata.name': [...NAMES, 'other'],
  [HOSTNAME]: [ABSENT, ...HOSTNAMES, 'other'],
  level: [ABSENT, ...LEVELS, '0', '3', '7', '0003', '0004', '0005', '0006', '9223372036854775807', 'other'],
};

export const NODES: readonly KnownNode[] = VALUES['metadata.name']!.flatMap((name) =>
  VALUES[HOSTNAME]!.flatMap((hostname) =>
    VALUES['level']!.map((level) => ({
      name: name!,
      labels: {
        ...(hostname === undefined ? {} : { [HOSTNAME]: hostname }),
        ...(level === undefined ? {} : { level }),
      },
    })),
  ),
);

/** For each node of the universe, whether a selection matches it. */
export function landing(selection: Selection): readonly boolean[] {
  return NODES.map((node) => matches(selection, node));
}

/** True if one node is in both. */
export function meet(a: readonly boolean[], b: readonly boolean[]): boolean {
  return a.some((each, index) => each && b[index]);
}

const some = (values: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const bound = fc.constantFrom('3', '4', '05', '6', '9223372036854775806');

const byHostname = fc.oneof(
  { weight: 5, arbitrary: some(HOSTNAMES).map((values) => expression(HOSTNAME, 'In', ...values)) },
  { weight: 2, arbitrary: some(HOSTNAMES).map((values) => expression(HOSTNAME, 'NotIn', ...values)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(expression(HOSTNAME, 'Exists'), expression(HOSTNAME, 'DoesNotExist')),
  },
);
const byLevel = fc.oneof(
  { weight: 2, arbitrary: some(LEVELS).map((values) => expression('level', 'In', ...values)) },
  { weight: 3, arbitrary: some(LEVELS).map((values) => expression('level', 'NotIn', ...values)) },
  { weight: 3, arbitrary: bound.map((value) => expression('level', 'Gt', value)) },
  { weight: 3, arbitrary: bound.map((value) => expression('level', 'Lt', value)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(expression('level', 'Exists'), expression('level', 'DoesNotExist')),
  },
);
const byName = fc
  .tuple(fc.constantFrom('In', 'NotIn'), fc.constantFrom(...NAMES))
  .map(([operator, name]) => expression('metadata.name', operator, name));

const anyTerm = fc
  .record({
    matchExpressions: fc.array(fc.oneof(byHostname, byLevel), { maxLength: 3 }),
    matchFields: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(byName, { maxLength: 2 }) },
    ),
  })
  .map((made): JsonObject => made);

/** A podPolicy that requires something, satisfiable or not. */
export const anyPodPolicy: fc.Arbitrary<JsonObject> = fc
  .record({
    terms: fc.array(anyTerm, { minLength: 1, maxLength: 3 }),
    nodeSelector: fc.oneof(
      { weight: 4, arbitrary: fc.constant({}) },
      {
        weight: 1,
        arbitrary: fc.constantFrom({ [HOSTNAME]: 'a' }, { level: '5' }, { [HOSTNAME]: 'b', level: 'x' }),
      },
    ),
  })
  .map(({ terms, nodeSelector }) => ({ ...requiring(...terms), nodeSelector }));
