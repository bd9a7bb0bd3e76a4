/** Bash and zsh, typed into: the words that the command gets are what a user notices of a completion. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../../src/commands/index.ts';
import { CLI, folderOf, run } from '../../support/run-cli.ts';
import { essence, FILES, LINES } from './lines.ts';
import { haveAll, Terminal } from './terminal.ts';

/** What stands in a user's start-up file before ours. */
const BEFORE = { bash: [], zsh: ['autoload -Uz compinit; compinit -D', 'setopt no_beep'] };

describe.each(['bash', 'zsh'] as const)('%s', (shell) => {
  describe.skipIf(!haveAll(shell, 'script'))('typed into', () => {
    const folder = folderOf(FILES);
    let terminal: Terminal;
    beforeAll(async () => {
      terminal = await Terminal.open(shell, folder, [
        ...BEFORE[shell],
        `source <(${process.execPath} ${CLI} completion ${shell})`,
        'iomesh-guard() { printf "word:%s\\n" "$@"; }',
      ]);
    });
    afterAll(() => terminal?.close());

    it.each(LINES)('%j', async (typed, words) => {
      const shown = await terminal.enter(`iomesh-guard ${typed}`);
      const got = [...shown.matchAll(/^word:(.*)$/gm)].map(([, word]) => word!);
      expect(essence(got)).toEqual(essence(words));
      expect(existsSync(join(folder, 'pwned'))).toBe(false);
    });

    it.each(commands.map(({ name, flags }) => [name, Object.keys(flags)] as const))(
      'lists every flag of %s',
      async (verb, flags) => {
        for (const flag of [...flags, 'help']) {
          await terminal.see(`iomesh-guard ${verb} --\t\t`, new RegExp(`--${flag}\\b`));
          await terminal.abandon();
        }
      },
    );

    it('lists every command', async () => {
      for (const { name } of commands) {
        await terminal.see('iomesh-guard \t\t', new RegExp(`\\b${name}\\b`));
        await terminal.abandon();
      }
    });
  });
});

it.skipIf(!haveAll('zsh', 'script'))('zsh finds the script as a file of $fpath, too', async () => {
  const folder = folderOf({ 'functions/_iomesh-guard': run(['completion', 'zsh']).stdout });
  const terminal = await Terminal.open('zsh', folder, [
    'fpath=($PWD/functions $fpath)',
    'autoload -Uz compinit; compinit -u -D',
    'setopt no_beep',
    'iomesh-guard() { printf "word:%s\\n" "$@"; }',
  ]);
  // The first Tab loads it, the second has it.
  for (const typed of ['explain affinity-o\t', 'explain affinity-o\t'])
    expect(await terminal.enter(`iomesh-guard ${typed}`)).toContain('word:affinity-overlap');
  terminal.close();
});
