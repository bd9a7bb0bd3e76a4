/**
 * The README by copy and paste: every block of commands under "Two commands" and "Tasks" runs in a clone of
 * its own in which `npm ci` has been run. Each line must end with exit code 0, unless a comment before the
 * block, which a reader does not see, says otherwise; its clauses are parted by semicolons:
 *
 *   <!-- run: exit 0 1 -->               the exit code of each line
 *   <!-- run: prints /IOM101/ -->        what the output of the block has in it
 *   <!-- run: writes map.html -->        a file that is there afterwards
 *   <!-- run: until /Still serving/ -->  the last line goes on: it is stopped when it has printed this
 *   <!-- run: elsewhere, because … -->   it is not run here
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './support/run-cli.ts';
import { cloneTree, installInto, npm, temporary } from './package/tree.ts';

interface Block {
  readonly section: string;
  readonly lines: readonly string[];
  readonly exits: readonly number[];
  readonly prints: readonly RegExp[];
  readonly writes: readonly string[];
  readonly until: RegExp | undefined;
  readonly elsewhere: boolean;
}

function blocks(markdown: string): Block[] {
  const found: Block[] = [];
  let chapter = '';
  let section = '';
  let directive = '';
  let fence: { shell: boolean; lines: string[] } | undefined;
  for (const line of markdown.split('\n')) {
    if (fence !== undefined) {
      if (line !== '```') {
        fence.lines.push(line);
        continue;
      }
      if (fence.shell && /^(Two commands|Tasks)$/.test(chapter))
        found.push({ section, lines: commands(fence.lines), ...clauses(directive) });
      fence = undefined;
      directive = '';
    } else if (line.startsWith('```'))
      fence = { shell: /^```(|sh|bash|shell|console)$/.test(line), lines: [] };
    else if (line.startsWith('## ')) section = chapter = line.slice(3);
    else if (line.startsWith('### ')) section = line.slice(4);
    else if (line.startsWith('<!-- run:')) directive = line.slice('<!-- run:'.length, -'-->'.length);
    else if (line.trim() !== '') directive = '';
  }
  return found;
}

/** One command a line; a backslash at its end goes on. */
function commands(lines: readonly string[]): string[] {
  return lines
    .join('\n')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

function clauses(directive: string): Omit<Block, 'section' | 'lines'> {
  const parts = directive.split(';').map((part) => part.trim());
  const values = (name: string) =>
    parts
      .filter((part) => new RegExp(`^${name}\\b`).test(part))
      .map((part) => part.slice(name.length).trim());
  const known = /^(exit( \d+)+|prints \/.+\/|writes \S+|until \/.+\/|elsewhere, because .+|)$/;
  for (const part of parts) expect(part, `a clause of <!-- run: … -->`).toMatch(known);
  const pattern = (text: string) => new RegExp(text.slice(1, -1));
  return {
    exits: values('exit').flatMap((text) => text.split(' ').map(Number)),
    prints: values('prints').map(pattern),
    writes: values('writes'),
    until: values('until').map(pattern)[0],
    elsewhere: values('elsewhere').length > 0,
  };
}

/** The ports of the README may be taken on this machine; node_modules are in place. */
function hereAs(command: string, goesOn: boolean): string {
  const installed = command.replace(/^npm ci && /, '');
  if (!goesOn) return installed;
  return `${installed}${installed.startsWith('npm ') ? ' --' : ' --drain 0'} --port 0 --health-port 0`;
}

const all = blocks(readFileSync(join(ROOT, 'README.md'), 'utf8'));
const sections = [...new Set(all.map(({ section }) => section))];

describe('README', () => {
  let prepared: string;

  beforeAll(() => {
    prepared = cloneTree();
    installInto(prepared);
    npm(['run', '--silent', 'postprepare'], prepared);
  }, 180_000);

  /** A clone after `npm ci`, in which nothing else has happened. */
  function freshClone(): string {
    const folder = join(temporary('readme'), 'iomesh-guard');
    cpSync(prepared, folder, {
      recursive: true,
      filter: (source) => source !== join(prepared, 'node_modules'),
    });
    symlinkSync(join(prepared, 'node_modules'), join(folder, 'node_modules'));
    return folder;
  }

  /** A user without files of their own, who has installed the command of this clone. */
  function userOf(folder: string, section: string): NodeJS.ProcessEnv {
    const home = temporary('home');
    mkdirSync(join(home, '.local/bin'), { recursive: true });
    // In that section it is npm that puts it there.
    if (section !== 'Install the command')
      symlinkSync(join(folder, 'dist/cli.js'), join(home, '.local/bin/iomesh-guard'));
    return {
      PATH: `${join(home, '.local/bin')}:${process.env['PATH']}`,
      HOME: home,
      npm_config_prefix: join(home, '.local'),
      npm_config_offline: 'true',
    };
  }

  it('has commands to try', () => {
    expect(all.length).toBeGreaterThan(8);
    expect(all.filter(({ elsewhere }) => !elsewhere).length).toBeGreaterThan(all.length / 2);
  });

  it.each(sections)(
    '%s',
    async (section) => {
      const folder = freshClone();
      const env = userOf(folder, section);
      for (const block of all.filter((each) => each.section === section && !each.elsewhere)) {
        let output = '';
        for (const [index, line] of block.lines.entries()) {
          const goesOn = block.until !== undefined && index === block.lines.length - 1;
          const command = hereAs(line, goesOn);
          if (goesOn) {
            output += await runUntil(command, folder, env, block.until!);
            continue;
          }
          const result = spawnSync('bash', ['-o', 'pipefail', '-c', command], {
            cwd: folder,
            encoding: 'utf8',
            input: '',
            env,
          });
          output += result.stdout + result.stderr;
          expect(result.status, `$ ${line}\n${output}`).toBe(block.exits[index] ?? 0);
        }
        for (const pattern of block.prints) expect(output).toMatch(pattern);
        for (const file of block.writes)
          expect(existsSync(join(folder, file)) && statSync(join(folder, file)).size, file).toBeTruthy();
      }
    },
    180_000,
  );
});

/** Runs a command that goes on until it has printed something, then stops it as Ctrl-C would. */
function runUntil(command: string, cwd: string, env: NodeJS.ProcessEnv, until: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', command], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let seen = false;
    const take = (chunk: Buffer) => {
      output += chunk;
      if (seen || !until.test(output)) return;
      seen = true;
      process.kill(-child.pid!, 'SIGINT');
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), 120_000);
    child.once('close', () => {
      clearTimeout(timer);
      if (seen) resolve(output);
      else reject(new Error(`$ ${command}\nended without ${until}:\n${output}`));
    });
  });
}
