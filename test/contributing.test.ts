/** CONTRIBUTING.md and docs/architecture.md name only what exists. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { objectRules } from '../src/core/judge/object-rules.ts';

const ROOT = join(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly scripts: Record<string, string>;
};

const PAGES = ['CONTRIBUTING.md', 'docs/architecture.md'].map(
  (page) => [page, readFileSync(join(ROOT, page), 'utf8')] as const,
);

/** Paths in backticks: with a folder, and without a blank or a placeholder. */
function pathsIn(text: string): string[] {
  return [...text.matchAll(/`([\w.-]+\/[\w./-]*)`/g)].map((match) => match[1]!.replace('IOMnnn', 'IOM101'));
}

describe.each(PAGES)('%s', (page, text) => {
  it('names files and folders that exist', () => {
    const missing = pathsIn(text).filter(
      (path) => path !== 'dist/' && !['', 'src'].some((base) => existsSync(join(ROOT, base, path))),
    );
    expect(missing).toEqual([]);
    expect(pathsIn(text).length).toBeGreaterThan(10);
  });

  it('links to files that exist', () => {
    const links = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
      .map((match) => match[1]!)
      .filter((link) => !link.startsWith('http'));
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(page), link)))).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const named = [...text.matchAll(/npm (?:run ([\w:-]+)|(test|start)\b)/g)].map(
      (match) => match[1] ?? match[2]!,
    );
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('names functions that are in the named file', () => {
    for (const [, name, file] of text.matchAll(/`(\w+)` in `(src\/[\w./-]+\.ts)`/g))
      expect(readFileSync(join(ROOT, file!), 'utf8'), `${file} has no ${name}`).toMatch(
        new RegExp(`\\b(?:function|const|class) ${name}\\b`),
      );
  });
});

describe('CONTRIBUTING.md', () => {
  const [, text] = PAGES[0]!;

  it('shows every script of npm run check', () => {
    const steps = [...scripts['check']!.matchAll(/npm (?:run )?([\w:]+)/g)].map((match) => match[1]);
    expect(steps).toEqual(['format:check', 'lint', 'types', 'unused', 'test']);
    expect(text).toContain('# format, lint, types, unused code, tests');
  });

  it('has at most fifteen words in its glossary', () => {
    expect(text).toContain('(docs/README.md#words)');
    const table = readFileSync(join(ROOT, 'docs/README.md'), 'utf8').split('## Words\n')[1]!;
    expect(table.match(/^\| (?!word|---)/gm)?.length).toBeLessThanOrEqual(15);
  });

  it('says that there is one file per rule, and there is', () => {
    const files = readdirSync(join(ROOT, 'src/core/rules'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.endsWith('.ts'))).toHaveLength(objectRules.length);
  });
});
