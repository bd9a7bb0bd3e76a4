/** What the scripts offer, asked of the shells themselves without a terminal. */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bashCompletion } from '../../../src/commands/completion/bash.ts';
import { fishCompletion } from '../../../src/commands/completion/fish.ts';
import { grammar } from '../../../src/commands/completion/grammar.ts';
import { zshCompletion } from '../../../src/commands/completion/zsh.ts';
import type { Command } from '../../../src/commands/command.ts';
import { commands } from '../../../src/commands/index.ts';
import { rules } from '../../../src/core/judge/catalogue.ts';
import { folderOf, isCivil, run } from '../../support/run-cli.ts';
import { FILES } from './lines.ts';
import { haveAll, Terminal } from './terminal.ts';

const folder = folderOf({
  ...FILES,
  ...Object.fromEntries(
    ['bash', 'zsh', 'fish'].map((shell) => [`completion.${shell}`, run(['completion', shell]).stdout]),
  ),
});

/** The words fish offers for a command line, without their descriptions. */
function fishOffers(line: string, script = 'completion.fish', cwd = folder): string[] {
  return shell('fish', ['--no-config', '-c', 'source $argv[1]; complete -C "$argv[2]"', script, line], cwd)
    .split('\n')
    .filter((each) => each !== '')
    .map((each) => each.split('\t')[0]!);
}

/** The words bash offers where the words so far are these; `=` is a word of its own, as bash has it. */
function bashOffers(words: readonly string[], script = 'completion.bash', cwd = folder): string[] {
  const code = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    complete -p iomesh-guard > /dev/null || exit 9
    _iomesh_guard 2> /dev/null; [[ \${#COMPREPLY[@]} == 0 ]] || printf '%s\\n' "\${COMPREPLY[@]}"`;
  return shell('bash', ['--norc', '-c', code, 'bash', script, ...words], cwd)
    .split('\n')
    .filter((each) => each !== '');
}

function shell(name: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(name, args, {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: cwd },
  });
  expect(stderr).toBe('');
  expect(status).not.toBe(9);
  return stdout;
}

describe('iomesh-guard completion', () => {
  it('asks for the shell, and knows a misspelt one', () => {
    const none = run(['completion']);
    expect([none.code, none.stdout]).toEqual([2, '']);
    expect(none.stderr).toContain('bash, zsh, fish');
    const misspelt = run(['completion', 'fishh']);
    expect(misspelt.code).toBe(2);
    expect(misspelt.stderr).toContain('did you mean fish?');
    expect(run(['completion', 'constructor']).code).toBe(2);
    expect(run(['completion', 'zsh', 'bash']).code).toBe(2);
    expect(isCivil(misspelt)).toBe(true);
  });
});

const flagsOf = (command: Command) =>
  [...Object.keys(command.flags), 'help'].map((name) => `--${name}`).sort();
const choices = commands.flatMap((command) =>
  Object.entries(command.flags).flatMap(([name, flag]) =>
    flag.choices === undefined
      ? []
      : [{ verb: command.name, name, short: flag.short, choices: [...flag.choices].sort() }],
  ),
);

describe.skipIf(!haveAll('bash'))('bash', () => {
  it.each(commands)('$name: every flag, and no other', (command) => {
    expect(bashOffers(['iomesh-guard', command.name, '--']).sort()).toEqual(flagsOf(command));
  });

  it.each(choices)('$verb --$name: its choices', ({ verb, name, short, choices }) => {
    expect(bashOffers(['iomesh-guard', verb, `--${name}`, '']).sort()).toEqual(choices);
    expect(bashOffers(['iomesh-guard', verb, `--${name}`, '=']).sort()).toEqual(choices);
    expect(bashOffers(['iomesh-guard', verb, `--${name}`, '=', choices[0]!])).toEqual([choices[0]]);
    if (short !== undefined)
      expect(bashOffers(['iomesh-guard', verb, `-${short}`, '']).sort()).toEqual(choices);
  });

  it('offers rules by code and name', () => {
    expect(bashOffers(['iomesh-guard', 'explain', '']).sort()).toEqual(
      rules.flatMap((rule) => [rule.code, rule.name]).sort(),
    );
  });

  it('is at ease with a shell that is strict', () => {
    const code =
      'set -eu; source completion.bash; COMP_WORDS=(iomesh-guard lint --format ""); COMP_CWORD=3; _iomesh_guard; echo "$COMPREPLY"';
    expect(shell('bash', ['--norc', '-c', code], folder)).toBe('text\n');
  });
});

describe.skipIf(!haveAll('fish'))('fish', () => {
  it.each(commands)('$name: every flag, and no other', (command) => {
    expect(fishOffers(`iomesh-guard ${command.name} --`).sort()).toEqual(flagsOf(command));
  });

  it.each(choices)('$verb --$name: its choices', ({ verb, name, short, choices }) => {
    expect(fishOffers(`iomesh-guard ${verb} --${name} `).sort()).toEqual(choices);
    expect(fishOffers(`iomesh-guard ${verb} --${name}=`).sort()).toEqual(
      choices.map((each) => `--${name}=${each}`),
    );
    if (short !== undefined) expect(fishOffers(`iomesh-guard ${verb} -${short} `).sort()).toEqual(choices);
  });

  it.each([
    ['iomesh-guard lint clu', ['clusters/']],
    ['iomesh-guard lint --output clu', ['clusters/']],
    ['iomesh-guard lint --output=clu', ['--output=clusters/']],
    ['iomesh-guard lint -c iomesh-g', ['iomesh-guard.yaml']],
    ['iomesh-guard serve --world iomesh-g', []],
    ['iomesh-guard serve --world clu', ['clusters/']],
    ['iomesh-guard serve --port ', []],
    ['iomesh-guard serve ', []],
    ['iomesh-guard explain clu', rules.filter(({ name }) => name.startsWith('clu')).map(({ name }) => name)],
    ['iomesh-guard completion ', ['bash', 'fish', 'zsh']],
    ['iomesh-guard completion zsh ', []],
    ['iomesh-guard help comp', ['completion']],
    ['iomesh-guard lint -- --qui', []],
  ])('%s', (line, words) => {
    expect(fishOffers(line).sort()).toEqual([...words].sort());
  });

  it('offers rules by code and name, and every command', () => {
    expect(fishOffers('iomesh-guard explain IOM101 ').sort()).toEqual(
      rules.flatMap((rule) => [rule.code, rule.name]).sort(),
    );
    expect(fishOffers('iomesh-guard ').sort()).toEqual([...commands.map(({ name }) => name), 'help'].sort());
  });
});

describe('a table with every character a shell minds', () => {
  const nasty = `it's "$(touch pwned)" \`touch pwned\` [a]:b\\c;\n%n #x $HOME ~ {a,b} \\`;
  const words = ["o'clock", '$(touch_pwned)', 'a:b', 'x[1]', 'c\\d'];
  const command: Command = {
    name: 'try',
    summary: nasty,
    operands: 'one|two NAME…',
    description: nasty,
    flags: {
      quiet: { type: 'boolean', short: 'q', description: nasty },
      kind: { type: 'string', short: 'k', value: "K:I[N]D'", choices: words, description: nasty },
      tag: { type: 'string', multiple: true, value: 'FILE[=A/B]', description: nasty },
    },
    examples: [],
    run: async () => 0,
  };
  const verbs = grammar([command], { NAME: words.map((text) => ({ text, description: nasty })) });
  const place = folderOf({});
  writeFileSync(join(place, 'c.bash'), bashCompletion(verbs));
  writeFileSync(join(place, 'c.zsh'), zshCompletion(verbs));
  writeFileSync(join(place, 'c.fish'), fishCompletion(verbs));

  it.skipIf(!haveAll('bash'))('is harmless in bash', () => {
    expect(bashOffers(['iomesh-guard', 'try', '-k', ''], 'c.bash', place)).toEqual(words);
    expect(bashOffers(['iomesh-guard', 'try', ''], 'c.bash', place)).toEqual(['one', 'two']);
    expect(bashOffers(['iomesh-guard', 'try', 'one', ''], 'c.bash', place)).toEqual(words);
    expect(bashOffers(['iomesh-guard', 'try', 'one', 'a', '$(touch pwned)'], 'c.bash', place)).toEqual([]);
    expect(existsSync(join(place, 'pwned'))).toBe(false);
  });

  it.skipIf(!haveAll('fish'))('is harmless in fish', () => {
    expect(fishOffers('iomesh-guard try -k ', 'c.fish', place).sort()).toEqual([...words].sort());
    expect(fishOffers('iomesh-guard try one ', 'c.fish', place).sort()).toEqual([...words].sort());
    expect(fishOffers('iomesh-guard try --', 'c.fish', place)).toContain('--tag');
    expect(existsSync(join(place, 'pwned'))).toBe(false);
  });

  it.skipIf(!haveAll('zsh', 'script'))('is harmless in zsh', async () => {
    const terminal = await Terminal.open('zsh', place, [
      'autoload -Uz compinit; compinit -D',
      'setopt no_beep',
      'source c.zsh',
      'iomesh-guard() { printf "word:%s\\n" "$@"; }',
    ]);
    for (const [typed, word] of [
      ['try -k o\t', "o'clock"],
      ['try -k \\$\t', '$(touch_pwned)'],
      ['try --kind=a\t', 'a:b'],
      ['try one x\t', 'x[1]'],
      ['try one two c\t', 'c\\d'],
    ] as const)
      expect(await terminal.enter(`iomesh-guard ${typed}`)).toContain(word);
    await terminal.see('iomesh-guard try --\t\t', /--tag\b/);
    await terminal.abandon();
    await terminal.see('iomesh-guard \t\t', /try\s/);
    await terminal.abandon();
    terminal.close();
    expect(existsSync(join(place, 'pwned'))).toBe(false);
  });
});
