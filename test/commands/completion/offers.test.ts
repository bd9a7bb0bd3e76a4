import { describe, expect, it } from 'vitest';
import { offersFor } from '../../../src/commands/completion/offers.ts';
import { commands } from '../../../src/commands/index.ts';
import { rules } from '../../../src/core/judge/catalogue.ts';
import { run } from '../../support/run-cli.ts';

/** The offers for these words, without descriptions. */
function offers(...words: string[]): string[] {
  return offersFor(words, commands).map((line) => line.split('\t')[0]!);
}

const choices = commands.flatMap(({ name: verb, flags }) =>
  Object.entries(flags).flatMap(([name, { short, choices = [] }]) =>
    choices.length === 0 ? [] : [{ verb, name, short, choices: [...choices] }],
  ),
);
const ruleNames = [...rules.map(({ code }) => code), ...rules.map(({ name }) => name)];

describe('completion', () => {
  it('offers all commands, help and the global flags at the start', () => {
    expect(offers('')).toEqual([...commands.map(({ name }) => name), 'help']);
    expect(offers('-')).toEqual(['--help', '--version']);
    expect(offers('li')).toEqual(['lint']);
    expect(offers('help', 'comp')).toEqual(['completion']);
    expect(offers('help', 'lint', '')).toEqual([]);
  });

  it.each(commands)('offers every flag of $name', ({ name, flags }) => {
    expect(offers(name, '--')).toEqual([...Object.keys(flags).map((flag) => `--${flag}`), '--help']);
  });

  it.each(choices)('offers the choices of $verb --$name', ({ verb, name, short, choices }) => {
    expect(offers(verb, `--${name}`, '')).toEqual(choices);
    expect(offers(verb, `--${name}=`)).toEqual(choices.map((each) => `--${name}=${each}`));
    if (short !== undefined) expect(offers(verb, `-${short}`, '')).toEqual(choices);
  });

  it.each(choices)('reads the three words that bash makes of $verb --$name=', ({ verb, name, choices }) => {
    expect(offers(verb, `--${name}`, '=')).toEqual(choices);
    expect(offers(verb, `--${name}`, '=', choices[0]!)).toEqual([choices[0]]);
  });

  it.each([
    [['lint', 'clu'], [':files']],
    [['lint', '--output', 'clu'], [':files']],
    [['lint', '--output=clu'], [':files']],
    [['lint', '-c', 'iomesh-g'], [':files']],
    [['lint', '--values', 'a.yaml', '-'], offers('lint', '-')],
    [['lint', '--', '--qui'], [':files']],
    [['lint', '-q', '--max-warnings', ''], []],
    [['serve', '--world', 'clu'], [':directories']],
    [['serve', '--world=clu'], [':directories']],
    [['serve', '--port', ''], []],
    [['serve', ''], []],
    [['new', ''], ['pool']],
    [['new', 'pool', ''], []],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish', 'powershell'],
    ],
    [['completion', 'zsh', ''], []],
    [['explain', ''], ruleNames],
    [['explain', 'IOM101', ''], ruleNames],
    [['lint', '--unknown', ''], [':files']],
    [['lint', '--unknown='], []],
    [['unknown', ''], []],
    [['constructor', '--'], []],
    [[], offers('')],
  ])('offers for %j: %j', (words, expected) => {
    expect(offers(...words)).toEqual(expected);
  });

  it('describes commands, flags and rules', () => {
    const lines = offersFor(['explain', 'IOM101'], commands);
    expect(lines).toEqual(['IOM101\taffinity-overlap']);
    for (const line of [...offersFor([''], commands), ...offersFor(['lint', '--'], commands)])
      expect(line).toMatch(/^[\w-]+\t[^\t\n]+$/);
  });

  it('prints one offer per line on the command line', () => {
    expect(run(['__complete', 'lint', '--format', '']).stdout).toBe(
      'text\nconcise\njson\nsarif\njunit\ngithub\ngitlab\n',
    );
    expect(run(['__complete', 'serve', '--port', '']).stdout).toBe('');
  });
});
