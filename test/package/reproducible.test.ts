/** Two builds of the same sources have the same bytes, wherever and whenever they are made. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cloneTree, installInto, npm } from './tree.ts';

/** A component in the bill of materials. */
interface Component {
  readonly name: string;
  readonly group?: string;
  readonly version: string;
  readonly licenses?: readonly object[];
}

const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Clones, builds and packs, in a folder of its own. Returns the folder and the tarball. */
function pack(env: Readonly<Record<string, string>>): { clone: string; tarball: string } {
  const clone = cloneTree();
  installInto(clone);
  return { clone, tarball: join(clone, npm(['pack'], clone, env).stdout.trim()) };
}

let first: ReturnType<typeof pack>;
let second: ReturnType<typeof pack>;
beforeAll(() => {
  first = pack({ TZ: 'UTC', LANG: 'C' });
  second = pack({ TZ: 'Asia/Kathmandu', LANG: 'de_DE.UTF-8' });
}, 600_000);

it('packs the same bytes twice', () => {
  expect(second.clone).not.toBe(first.clone);
  expect(digest(second.tarball)).toBe(digest(first.tarball));
});

it('builds the same tree for the image', () => {
  const tree = ({ clone }: { clone: string }) =>
    readdirSync(join(clone, 'dist'))
      .sort()
      .map((name) => `${name} ${digest(join(clone, 'dist', name))}`);
  expect(tree(first)).toContainEqual(expect.stringMatching(/^main\.js /));
  expect(tree(second)).toEqual(tree(first));
});

describe('the bill of materials', () => {
  const bom = () => JSON.parse(readFileSync(join(first.clone, 'dist/sbom.cdx.json'), 'utf8'));
  const listed = () => {
    const components: readonly Component[] = bom().components;
    return components.map(
      ({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name} ${version}`,
    );
  };

  it('is CycloneDX, of this version', () => {
    const { version } = JSON.parse(readFileSync(join(first.clone, 'package.json'), 'utf8'));
    expect(bom()).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { name: 'iomesh-guard', version, purl: `pkg:npm/iomesh-guard@${version}` } },
    });
  });

  it('lists only packages whose licences are shipped, each with its licence', () => {
    const licences = readFileSync(join(first.clone, 'dist/THIRD_PARTY_LICENSES.txt'), 'utf8');
    const shipped = [...licences.matchAll(/^(?:-{80}\n\n)?(\S+ \d+\.\d+\.\d+\S*): \S/gm)].map(
      ([, each]) => each,
    );
    expect(shipped.length).toBeGreaterThan(50);
    expect(listed().length).toBeGreaterThan(50);
    // Of a package that esbuild read, but of which it took nothing, only the licence is there.
    expect(listed().filter((each) => !shipped.includes(each))).toEqual([]);
    const components: readonly Component[] = bom().components;
    expect(components.filter(({ licenses = [] }) => licenses.length === 0)).toEqual([]);
  });
});
