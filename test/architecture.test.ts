/** Holds the structure of src: facts below, rules above, no circle, one name for one thing. */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  forbiddenImports,
  importCircles,
  type ImportTable,
  parseSource,
  readSources,
  repeatedExports,
} from './support/import-graph.ts';

const ROOT = join(import.meta.dirname, '..');

/** Which entry of src may import which; docs/architecture.md shows the same. */
const SRC: ImportTable = {
  'usage-error.ts': [],
  'system-error.ts': [],
  'read-file.ts': [],
  'before-abort.ts': [],
  'optimization.ts': [],
  core: [],
  manifests: ['core', 'system-error.ts'],
  report: ['core', 'manifests'],
  config: ['core', 'manifests', 'read-file.ts', 'system-error.ts', 'usage-error.ts'],
  admission: ['core'],
  'world-files': ['admission', 'core', 'manifests', 'system-error.ts'],
  cluster: ['admission', 'before-abort.ts', 'core', 'read-file.ts', 'system-error.ts', 'usage-error.ts'],
  certificates: ['admission', 'cluster', 'core', 'system-error.ts'],
  standing: ['before-abort.ts', 'cluster', 'core', 'report'],
  webhook: ['admission', 'before-abort.ts', 'core'],
  commands: [
    'admission',
    'certificates',
    'cluster',
    'config',
    'core',
    'manifests',
    'optimization.ts',
    'read-file.ts',
    'report',
    'standing',
    'system-error.ts',
    'usage-error.ts',
    'webhook',
    'world-files',
  ],
  'cli.ts': ['commands', 'system-error.ts', 'usage-error.ts'],
  'loader.ts': [],
};

/** The same inside src/core, from the bottom to the top. */
const CORE: ImportTable = {
  base: [],
  'finding.ts': ['base'],
  'world.ts': ['base', 'finding.ts'],
  'rule.ts': ['base', 'finding.ts', 'world.ts'],
  'node-selector': ['base'],
  schema: ['base', 'finding.ts', 'world.ts'],
  iomesh: ['base', 'finding.ts', 'node-selector', 'schema', 'world.ts'],
  helm: ['base', 'iomesh', 'schema'],
  defaults: ['base', 'finding.ts', 'iomesh', 'node-selector', 'schema', 'world.ts'],
  map: ['base', 'iomesh', 'node-selector', 'world.ts'],
  checks: ['base', 'finding.ts', 'iomesh', 'rule.ts', 'schema', 'world.ts'],
  rules: [
    'base',
    'checks',
    'defaults',
    'finding.ts',
    'helm',
    'iomesh',
    'node-selector',
    'rule.ts',
    'schema',
    'world.ts',
  ],
  judge: ['base', 'checks', 'finding.ts', 'iomesh', 'rule.ts', 'rules', 'world.ts'],
  'new-pool': ['base', 'defaults', 'finding.ts', 'iomesh', 'judge', 'node-selector', 'world.ts'],
  plan: ['base', 'finding.ts', 'helm', 'iomesh', 'judge', 'world.ts'],
};

/** Packages that compute and touch neither files nor sockets nor clocks. */
const PURE_PACKAGES = new Set(['fastest-levenshtein', 'ipaddr.js']);

const IMPURE =
  /\bprocess\.|\bconsole\.|\bDate\.now\b|\bnew Date\(\)|\bfetch\(|\bMath\.random\b|\bsetTimeout\b/;

const sources = readSources(join(ROOT, 'src'));

describe('src', () => {
  it('imports only what the table allows', () => {
    expect(forbiddenImports(sources, '', SRC)).toEqual([]);
    expect(forbiddenImports(sources, 'core', CORE)).toEqual([]);
  });

  it('has no circle of imports, types included', () => {
    expect(importCircles(sources)).toEqual([]);
  });

  it('exports each name once', () => {
    expect(repeatedExports(sources)).toEqual([]);
  });

  it('has rule files that export one rule and import no rule', () => {
    const rules = sources.filter(({ name }) => name.startsWith('core/rules/'));
    expect(rules.length).toBeGreaterThan(50);
    for (const { name, imports, exports, code } of rules) {
      expect(exports, name).toHaveLength(1);
      expect(code, name).toMatch(/^export const \w+: Rule = \{/m);
      expect(
        imports.filter((each) => each.startsWith('core/rules/')),
        name,
      ).toEqual([]);
    }
  });

  it.each(['core', 'admission'])('does no input or output in %s', (folder) => {
    for (const { name, packages, code } of sources.filter((each) => each.name.startsWith(`${folder}/`))) {
      // Types of Node leave no trace in what runs.
      const used = packages.filter((each) => !new RegExp(`import type [^;]* from '${each}'`).test(code));
      for (const each of used) {
        expect(builtinModules, `${name} imports ${each}`).not.toContain(each.replace('node:', ''));
        expect(PURE_PACKAGES.has(each), `${name} imports ${each}`).toBe(true);
      }
      if (name.endsWith('.ts')) expect(code, name).not.toMatch(IMPURE);
    }
  });

  it('is described by the same table in docs/architecture.md', () => {
    const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
    for (const [title, table] of Object.entries({ src: SRC, 'src/core': CORE })) {
      const section = page.split(`### Imports in ${title}\n`)[1]?.split('\n### ')[0] ?? '';
      const rows = [...section.matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)].map(
        ([, entry, allowed]) =>
          [entry!, [...allowed!.matchAll(/`([^`]+)`/g)].map((each) => each[1]!)] as const,
      );
      expect(Object.fromEntries(rows), title).toEqual(table);
    }
  });
});

describe('the checks above', () => {
  const file = (name: string, text: string) => parseSource(name, text);

  it('find an import upwards, and an entry that the table does not know', () => {
    const planted = [
      file('core/base/json.ts', "import type { World } from '../world.ts';"),
      file('core/world.ts', ''),
      file('core/misc/x.ts', ''),
    ];
    expect(forbiddenImports(planted, 'core', CORE)).toEqual([
      'core/base/json.ts imports core/world.ts',
      'core/misc/x.ts is in no entry of the import table',
    ]);
    expect(forbiddenImports([file('webhook/a.ts', "import('../cluster/b.ts')")], '', SRC)).toEqual([
      'webhook/a.ts imports cluster/b.ts',
    ]);
  });

  it('find a circle of types through three files', () => {
    const planted = [
      file('a.ts', "import type { B } from './b.ts';"),
      file('b.ts', "export { C } from './c.ts';"),
      file('c.ts', "import { type A } from './a.ts';"),
      file('d.ts', "import './a.ts';"),
    ];
    expect(importCircles(planted)).toEqual([['a.ts', 'b.ts', 'c.ts']]);
  });

  it('find a name that two files export, whatever kind it is', () => {
    const planted = [
      file('a.ts', 'export interface Entry {}\nexport const one = 1;'),
      file('b.ts', 'type Entry = string;\nconst one = 2;\nexport { type Entry, one as two };'),
      file('c.ts', 'export function two() {}\nexport const three = 3;'),
    ];
    expect(repeatedExports(planted)).toEqual(['Entry: a.ts, b.ts', 'two: b.ts, c.ts']);
  });

  it('read a rule file that exports a second thing', () => {
    expect(file('x.ts', 'export const a: Rule = {\n};\nexport async function b() {}').exports).toEqual([
      'a',
      'b',
    ]);
  });
});
