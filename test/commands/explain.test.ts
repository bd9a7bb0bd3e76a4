/** `explain`: the language of the pages. */
import { describe, expect, it } from 'vitest';
import { rules } from '../../src/core/judge/catalogue.ts';
import { run } from '../support/run-cli.ts';

const HAN = /\p{Script=Han}/u;
const explain = (args: readonly string[], env: Record<string, string> = {}) =>
  run(['explain', ...args], { env: { LC_ALL: '', LC_MESSAGES: '', LANG: '', ...env } });

describe('explain', () => {
  it('prints title, summary and remedy of every rule in Chinese', () => {
    const { stdout, code } = explain(['--lang', 'zh', ...rules.map((rule) => rule.code)]);
    expect(code).toBe(0);
    const pages = stdout.split(/^# (?=IOM)/m).slice(1);
    expect(pages.map((page) => page.slice(0, 6))).toEqual(rules.map((rule) => rule.code));
    for (const page of pages) {
      const [title, summary, severities, heading, remedy, more] = page.trim().split('\n\n');
      for (const text of [title, summary, heading, remedy]) expect(text).toMatch(HAN);
      expect(severities).toMatch(/^lint: .* admission: /);
      expect(more).toContain(`iomesh-guard explain --lang en ${page.slice(0, 6)}`);
    }
  });

  it.each<[Record<string, string>, boolean]>([
    [{ LANG: 'zh_CN.UTF-8' }, true],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'zh_TW.UTF-8' }, true],
    [{ LANG: 'zh_CN.UTF-8', LC_MESSAGES: 'C' }, false],
    [{}, false],
  ])('with %j: Chinese is %s', (env, chinese) => {
    expect(HAN.test(explain(['IOM101'], env).stdout)).toBe(chinese);
    expect(HAN.test(explain(['--lang', 'en', 'IOM101'], env).stdout)).toBe(false);
  });

  it('asks whether another language was meant', () => {
    const { stderr, code } = explain(['--lang', 'zhh', 'IOM101']);
    expect(stderr).toContain('did you mean zh?');
    expect(code).toBe(2);
  });
});
