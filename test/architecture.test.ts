/** The core stands on nothing above it and does no I/O: that is what lets every door share it. */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');

/** Pure packages: they compute, and touch neither files nor sockets nor clocks. */
const PURE = new Set(['fastest-levenshtein', 'ipaddr.js']);

/** What each folder may import of the others. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  manifests: ['core'],
  report: ['core', 'manifests'],
  config: ['core', 'manifests', 'report'],
};

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js)$/.test(name) && !name.endsWith('.d.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(folder, name));
}

function imports(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*['"]([^'"]+)['"]/g)].map(
    (match) => match[1]!,
  );
}

describe.each(Object.entries(MAY_IMPORT))('src/%s', (folder, allowed) => {
  it.each(sources(join(SRC, folder)).map((file) => relative(ROOT, file)))(
    '%s imports downward only',
    (name) => {
      const file = join(ROOT, name);
      for (const specifier of imports(file)) {
        if (!specifier.startsWith('.')) continue;
        const target = relative(SRC, resolve(dirname(file), specifier)).split('/')[0];
        expect([folder, ...allowed], `${name} imports ${specifier}`).toContain(target);
      }
    },
  );
});

describe('src/core', () => {
  it.each(sources(join(SRC, 'core')).map((file) => relative(ROOT, file)))('%s does no I/O', (name) => {
    const file = join(ROOT, name);
    for (const specifier of imports(file)) {
      if (specifier.startsWith('.')) continue;
      expect(builtinModules).not.toContain(specifier.replace('node:', ''));
      expect(PURE.has(specifier), `${name} imports ${specifier}`).toBe(true);
    }
    if (name.endsWith('.js')) return;
    const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect(code).not.toMatch(
      /\bprocess\.|\bconsole\.|\bDate\.now\b|\bnew Date\(\)|\bfetch\(|\bMath\.random\b|\bsetTimeout\b/,
    );
  });
});
