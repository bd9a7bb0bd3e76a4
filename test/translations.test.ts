/** The documents in Chinese follow those in English. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './support/run-cli.ts';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match.at(-1)!);
const BLOCK = /^( *)```[a-z]*\n([\s\S]*?)^\1```/gm;
const prose = (text: string) => text.replaceAll(BLOCK, '');
const figures = (text: string) => sorted(all(prose(text), /(\d+(?:\.\d+)*)/g));
const headings = (text: string) => all(prose(text), /^#+ (.*)$/gm);
const sorted = (texts: readonly string[]) => [...new Set(texts)].sort();

/** The links of a page: in English, with the anchor if it is one of a page without a translation. */
function linksOf(text: string): string[] {
  return all(prose(text), /\]\(([^)\s]*)\)/g).map((link) => {
    const [path = '', anchor] = link.split('#');
    const target = path.replace('.zh-CN.md', '.md');
    const isTranslated = path === '' || path.includes('.zh-CN.md') || TRANSLATED.includes(target);
    return isTranslated || anchor === undefined ? target : `${target}#${anchor}`;
  });
}

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-');
}

const TRANSLATED = ['install.md', 'troubleshooting.md', 'docs/install.md', 'docs/troubleshooting.md'];

describe.each(['README.md', 'docs/install.md', 'docs/troubleshooting.md'])('%s in Chinese', (file) => {
  const english = read(file);
  const name = file.replace('.md', '.zh-CN.md');
  const chinese = read(name);

  it('has the same headings, at the same levels', () => {
    const levels = (text: string) => all(prose(text), /^(#+) /gm);
    expect(levels(chinese)).toEqual(levels(english));
  });

  it('has the same commands and output in the same order', () => {
    expect(all(chinese, BLOCK)).toEqual(all(english, BLOCK));
  });

  it('has no other figures', () => {
    expect(figures(chinese).filter((each) => !figures(english).includes(each))).toEqual([]);
  });

  it('links to the same pages, in Chinese where there is one', () => {
    const links = sorted(linksOf(chinese));
    const others = sorted(linksOf(english));
    const rules = 'rules/zh-CN.md';
    const more = links.filter((each) => !others.includes(each) && !each.endsWith(rules));
    expect(more).toEqual([]);
    expect(others.filter((each) => !links.includes(each))).toEqual([]);
    const untranslated = all(prose(chinese), /\]\(([^)\s]*)\)/g).filter((each) =>
      TRANSLATED.includes(each.split('#')[0]!),
    );
    // But for the link to the other language.
    expect(untranslated).toEqual(file === 'README.md' ? [] : [file.replace('docs/', '')]);
  });

  it('links to headings that exist', () => {
    for (const link of all(prose(chinese), /\]\(([^)\s]*#[^)\s]*)\)/g)) {
      const [path = '', anchor = ''] = link.split('#');
      if (path.startsWith('http')) continue;
      const target = path === '' ? name : join(dirname(name), path);
      expect(headings(read(target)).map(anchorOf), `${name}: ${link}`).toContain(anchor);
    }
  });
});

// The table of releases in README.md has test results that only it names.
describe.each(['docs/install', 'docs/troubleshooting'])('%s.md in Chinese', (name) => {
  const english = read(`${name}.md`);
  const chinese = read(`${name}.zh-CN.md`);

  it('has the same tables', () => {
    const rows = (text: string) =>
      prose(text)
        .split(/^#+ /m)
        .map((section) => all(section, /^(\|)/gm).length);
    expect(rows(chinese)).toEqual(rows(english));
  });

  it('names the same fields, flags and objects', () => {
    const codes = (text: string) => sorted(all(prose(text), /`([^`\n]+)`/g));
    expect(codes(chinese)).toEqual(codes(english));
  });

  it('has all figures', () => {
    expect(figures(chinese)).toEqual(figures(english));
  });
});
