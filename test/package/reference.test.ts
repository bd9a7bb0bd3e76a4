import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { referencePage } from '../../src/commands/reference.ts';
import { ROOT, run } from '../support/run-cli.ts';

describe('docs/cli.md', () => {
  const text = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8');

  it('agrees with the tables of the commands (npm run docs writes it)', () => {
    expect(text).toBe(referencePage());
  });

  it.each(commands.map(({ name }) => name))('names every flag that %s --help names', (name) => {
    const help = run([name, '--help']).stdout;
    const section = text.split(/^## /m).find((each) => each.startsWith(`iomesh-guard ${name}\n`))!;
    const flags = [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag]) => flag!);
    expect(flags.length).toBeGreaterThan(0);
    for (const flag of flags.filter((each) => each !== '--help'))
      expect(section).toMatch(new RegExp(`\`${flag}[ \`]`));
  });
});
