/** Lint, admission and the defaults follow the configured name of the CSI driver. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../../../src/core/base/config.ts';
import { judge } from '../../../../src/core/judge/judge.ts';
import { toConfig } from '../../../../src/config/to-config.ts';
import { configProblems } from '../../../../src/config/problems.ts';
import { mutate } from '../../../../src/core/defaults/mutate.ts';
import type { World } from '../../../../src/core/world.ts';
import { CASES } from '../../../cases/all.ts';
import { caseConfig, caseText, type LintCase, readWorld } from '../../../cases/harness.ts';

const NAME = 'storage.example.com';
const renamed = (text: string) => text.replaceAll(DEFAULT_CONFIG.provisioner, NAME);

// IOM515 is about classes of other names.
const STORAGE_CASES = CASES.filter(({ code }) => code.startsWith('IOM5') && code !== 'IOM515').flatMap(
  ({ code, lint }) => lint.map((each): [string, LintCase] => [`${code} ${each.name}`, each]),
);

describe('with another name of the CSI driver in the configuration', () => {
  it.each(STORAGE_CASES)('finds the same: %s', (_title, testCase) => {
    const config = { ...caseConfig(testCase), provisioner: NAME };
    const values = testCase.values === undefined ? {} : { values: renamed(testCase.values) };
    const other = readWorld(renamed(caseText(testCase)), { ...testCase, ...values, config });
    expect(findings(other)).toEqual(findings(readWorld(caseText(testCase), testCase)).map(renamed));
  });

  it('sets defaults in the classes of that name only', () => {
    const config = toConfig({ provisioner: NAME });
    const plain = caseText({ name: 'example' });
    const filled = (text: string) => {
      const world = readWorld(text, { name: 'example', config });
      const [example] = world.all('StorageClass');
      const { replicaFactor: _, ...parameters } = example!.json['parameters'] as Record<string, string>;
      return mutate({ ...example!, json: { ...example!.json, parameters } }, world, 'CREATE').patch.length;
    };
    expect(filled(renamed(plain))).toBe(1);
    expect(filled(plain)).toBe(0);
  });
});

it.each([
  ['com.iomesh.csi-driver', []],
  ['driver', []],
  ['', [expect.stringContaining('must be the name of a CSI driver')]],
  ['a b', [expect.stringContaining('must be the name of a CSI driver')]],
  ['x"||true', [expect.stringContaining('must be the name of a CSI driver')]],
  ['a'.repeat(64), [expect.stringContaining('must be the name of a CSI driver')]],
])('checks the configured name %j', (provisioner, problems) => {
  expect(configProblems({ provisioner }).map(({ message }) => message)).toEqual(problems);
});

function findings(world: World): string[] {
  return judge(world).findings.map(({ code, path, message, help }) =>
    [code, path.join('.'), message, help].join(' '),
  );
}
