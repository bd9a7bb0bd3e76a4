/** The schemas in the naming of kubeconform, in ajv, and in kubeconform itself where bench/lint.mjs has built it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { readManifests } from '../../../src/manifests/read.ts';
import { ROOT } from '../../support/run-cli.ts';

const FOLDER = join(ROOT, 'schemas/kubeconform');
const KINDS = [
  ['iomesh.com/iomeshcluster_v1alpha1.json', 'iomesh.yaml'],
  ['zookeeper.pravega.io/zookeepercluster_v1beta1.json', 'zookeeper.yaml'],
] as const;

describe.each(KINDS)('%s', (name, manifest) => {
  const text = readFileSync(join(FOLDER, name), 'utf8');

  it('refers to no other file, and has no pattern that Go rejects', () => {
    for (const [, target] of text.matchAll(/"\$ref": "([^"]*)"/g))
      expect(target).toMatch(/^#\/definitions\//);
    expect(text).not.toContain('(?');
  });

  it('accepts the correct examples and rejects those with mistakes', () => {
    const valid = new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(text));
    const objectOf = (path: string) =>
      readManifests(path, readFileSync(join(ROOT, 'examples', path))).documents[0]!.objects[0]!.json;
    for (const folder of ['two-clusters/management', 'two-clusters/cluster-1']) {
      expect(valid(objectOf(`${folder}/${manifest}`)), JSON.stringify(valid.errors)).toBe(true);
    }
    expect(valid(objectOf(`broken/pool/${manifest}`))).toBe(false);
  });
});

const BIN = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'iomesh-guard/bin/kubeconform');

it.skipIf(!existsSync(BIN))('are found and used by kubeconform', () => {
  const location = join(FOLDER, '{{ .Group }}/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json');
  const check = (folder: string) =>
    spawnSync(BIN, ['-ignore-missing-schemas', '-summary', '-schema-location', location, folder], {
      cwd: ROOT,
      encoding: 'utf8',
    }).stdout;
  expect(check('examples/two-clusters')).toContain('Valid: 4, Invalid: 0');
  expect(check('examples/broken')).toContain('Invalid: 2');
});
