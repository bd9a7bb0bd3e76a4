/** The scripts in real shells: bash and zsh in a terminal, because the words that the command gets are what counts. */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../../src/commands/index.ts';
import { rules } from '../../../src/core/judge/catalogue.ts';
import { CLI, folderOf, isCivil, run } from '../../support/run-cli.ts';
import { haveAll, Terminal } from './terminal.ts';

const FILES = {
  'clusters/iomesh.yaml': '',
  "my pool's $(touch pwned)/iomesh.yaml": '',
  'iomesh-guard.yaml': '',
};

/** The lines that are typed, with Tab as \t, and the words that the command then gets. */
const LINES: readonly (readonly [typed: string, words: readonly string[]])[] = [
  ['li\t', ['lint']],
  ['comp\t zs\t', ['completion', 'zsh']],
  ['help ser\t', ['help', 'serve']],
  ['lint clu\tio\t', ['lint', 'clusters/iomesh.yaml']],
  ['lint my\tio\t', ['lint', "my pool's $(touch pwned)/iomesh.yaml"]],
  ['lint --format js\t', ['lint', '--format', 'json']],
  ['lint --format=js\t', ['lint', '--format=json']],
  ['lint --output=iomesh-g\t', ['lint', '--output=iomesh-guard.yaml']],
  ['lint -f js\t --max-w\t3', ['lint', '-f', 'json', '--max-warnings', '3']],
  ['lint -f json --form\tsar\t', ['lint', '-f', 'json', '--format', 'sarif']],
  ['lint --fail-o\tnev\t', ['lint', '--fail-on', 'never']],
  ['lint -c iomesh-g\t', ['lint', '-c', 'iomesh-guard.yaml']],
  ['lint -- --qui\t', ['lint', '--', '--qui']],
  ['serve --port 1 --log-l\tdeb\t', ['serve', '--port', '1', '--log-level', 'debug']],
  ['serve --world clu\t', ['serve', '--world', 'clusters']],
  ['serve --world iomesh-g\t', ['serve', '--world', 'iomesh-g']],
  ['explain affinity-o\t', ['explain', 'affinity-overlap']],
  ['explain IOM101 iom-nothing\t', ['explain', 'IOM101', 'iom-nothing']],
  ['explain IOM101 affinity-o\t', ['explain', 'IOM101', 'affinity-overlap']],
  ['explain iomesh-g\t', ['explain', 'iomesh-g']],
  ['completion zsh ba\t', ['completion', 'zsh', 'ba']],
];

/** The words without differences between shells: --flag=value for --flag value, a slash after a directory. */
function normalized(words: readonly string[]): string[] {
  return words
    .flatMap((word) =>
      /^--[a-z-]+=/.test(word) ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : word,
    )
    .map((word) => word.replace(/\/$/, ''));
}

/** Prints the words of a command instead of running it, but completes them. */
const PRINT_WORDS = `iomesh-guard() { if [[ $1 == __complete ]]; then '${process.execPath}' '${CLI}' "$@"; else printf "word:%s\\n" "$@"; fi; }`;

/** The start-up file of a user, before the line that loads the script. */
const START = { bash: [], zsh: ['autoload -Uz compinit; compinit -D', 'setopt no_beep'] };

describe.each(['bash', 'zsh'] as const)('%s', (shell) => {
  describe.skipIf(!haveAll(shell, 'script'))('in a terminal', () => {
    const folder = folderOf(FILES);
    let terminal: Terminal;
    beforeAll(async () => {
      terminal = await Terminal.open(shell, folder, [
        ...START[shell],
        PRINT_WORDS,
        `source <('${process.execPath}' '${CLI}' completion ${shell})`,
      ]);
    });
    afterAll(() => terminal?.close());

    it.each(LINES)('completes %j to %j', async (typed, words) => {
      const shown = await terminal.enter(`iomesh-guard ${typed}`);
      const got = [...shown.matchAll(/^word:(.*)$/gm)].map(([, word]) => word!);
      expect(normalized(got)).toEqual(normalized(words));
      expect(existsSync(join(folder, 'pwned'))).toBe(false);
    });

    it('runs nothing of an unfinished command line', async () => {
      await terminal.see('iomesh-guard lint --format "$(touch pwned)" --max\t', /--max-warnings/);
      expect(existsSync(join(folder, 'pwned'))).toBe(false);
      await terminal.abandon();
    });

    it.each(commands.map(({ name, flags }) => [name, Object.keys(flags)] as const))(
      'lists every flag of %s',
      async (verb, flags) => {
        const all = [...flags, 'help'].map((flag) => `--${flag}`);
        await terminal.see(`iomesh-guard ${verb} --\t\t`, allOf(all));
        await terminal.abandon();
      },
    );

    it('lists every command', async () => {
      await terminal.see('iomesh-guard \t\t', allOf(commands.map(({ name }) => name)));
      await terminal.abandon();
    });
  });
});

/** Matches a text that has all of these words. */
function allOf(words: readonly string[]): RegExp {
  return new RegExp(words.map((word) => `(?=[^]*(?<![\\w-])${word}\\b)`).join(''));
}

it.skipIf(!haveAll('bash'))('bash completes under set -eu', () => {
  const folder = folderOf({ 'completion.bash': run(['completion', 'bash']).stdout });
  const code = `set -eu; ${PRINT_WORDS}; source completion.bash; COMP_WORDS=(iomesh-guard lint --format ""); COMP_CWORD=3; _iomesh_guard; echo "$COMPREPLY"`;
  expect(spawnSync('bash', ['--norc', '-c', code], { cwd: folder, encoding: 'utf8' })).toMatchObject({
    stdout: 'text\n',
    stderr: '',
  });
});

it.skipIf(!haveAll('zsh', 'script'))('zsh loads the script from $fpath', async () => {
  const folder = folderOf({ 'functions/_iomesh-guard': run(['completion', 'zsh']).stdout });
  const terminal = await Terminal.open('zsh', folder, [
    'fpath=($PWD/functions $fpath)',
    'autoload -Uz compinit; compinit -u -D',
    'setopt no_beep',
    PRINT_WORDS,
  ]);
  // The first Tab loads the script.
  for (const typed of ['explain affinity-o\t', 'explain affinity-o\t'])
    expect(await terminal.enter(`iomesh-guard ${typed}`)).toContain('word:affinity-overlap');
  terminal.close();
});

describe.skipIf(!haveAll('fish'))('fish', () => {
  const folder = folderOf({ ...FILES, 'completion.fish': run(['completion', 'fish']).stdout });
  const define = `function iomesh-guard; '${process.execPath}' '${CLI}' $argv; end; source completion.fish`;

  it.each<[string, readonly string[]]>([
    ['', [...commands.map(({ name }) => name), 'help']],
    ['lint clu', ['clusters/']],
    ['lint --output clu', ['clusters/']],
    ['lint --output=clu', ['--output=clusters/']],
    ['lint -c iomesh-g', ['iomesh-guard.yaml']],
    ['lint --fo', ['--format']],
    ['lint --format j', ['json', 'junit']],
    ['lint --format=j', ['--format=json', '--format=junit']],
    ['serve --world iomesh-g', []],
    ['serve --world clu', ['clusters/']],
    ['serve --world=clu', ['--world=clusters/']],
    ['serve --port ', []],
    ['serve ', []],
    ['explain clu', rules.filter(({ name }) => name.startsWith('clu')).map(({ name }) => name)],
    ['completion ', ['bash', 'fish', 'powershell', 'zsh']],
    ['completion zsh ', []],
    ['help comp', ['completion']],
    ['lint -- --qui', []],
    ['lint "(touch pwned)" --max', ['--max-warnings']],
  ])('offers the words for %j', (line, words) => {
    const code = `${define}; complete -C "iomesh-guard $argv[1]"`;
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', code, line], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: folder },
    });
    expect(stderr).toBe('');
    const offered = stdout.split('\n').flatMap((each) => (each === '' ? [] : [each.split('\t')[0]!]));
    expect(offered.sort()).toEqual([...words].sort());
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });
});

// Not required in CI: few distributions have PowerShell.
describe.skipIf(spawnSync('pwsh', ['-Version']).status !== 0)('powershell', () => {
  const folder = folderOf({ ...FILES, 'completion.ps1': run(['completion', 'powershell']).stdout });
  writeFileSync(join(folder, 'iomesh-guard'), `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`, {
    mode: 0o755,
  });

  it.each<[string, readonly string[]]>([
    ['iomesh-guard li', ['lint']],
    ['iomesh-guard completion ', ['bash', 'fish', 'powershell', 'zsh']],
    ['iomesh-guard lint --format=js', ['--format=json']],
    ['iomesh-guard lint --max', ['--max-warnings']],
  ])('offers the words for %j', (line, words) => {
    const code = `. ./completion.ps1; (TabExpansion2 $env:LINE $env:LINE.Length).CompletionMatches.CompletionText`;
    const { stdout } = spawnSync('pwsh', ['-NoProfile', '-Command', code], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${folder}:${process.env['PATH']}`, LINE: line },
    });
    expect(stdout.split(/\r?\n/).filter(Boolean).sort()).toEqual(words);
  });
});

it('rejects a missing, misspelt or second shell', () => {
  const none = run(['completion']);
  expect([none.code, none.stdout]).toEqual([2, '']);
  expect(none.stderr).toContain('bash|zsh|fish');
  const misspelt = run(['completion', 'fishh']);
  expect(misspelt.code).toBe(2);
  expect(misspelt.stderr).toContain('did you mean fish?');
  expect(run(['completion', 'constructor']).code).toBe(2);
  expect(run(['completion', 'zsh', 'bash']).code).toBe(2);
  expect(isCivil(misspelt)).toBe(true);
});
