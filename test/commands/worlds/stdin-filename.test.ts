/** Standard input that is the text of a file, as an editor sends it. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folderOf, ROOT, run } from '../../support/run-cli.ts';

const NAME = 'clusters/management/storageclass.yaml';
const CLASS = readFileSync(join(ROOT, 'examples/two-clusters/management/storageclass.yaml'), 'utf8');
const WRONG = CLASS.replace('fstype: ext4', 'fstype: ex4');

function repository(): string {
  const cwd = folderOf({ '.git/HEAD': '' });
  cpSync(join(ROOT, 'examples/two-clusters'), join(cwd, 'clusters'), { recursive: true });
  return cwd;
}

const ARGS = ['lint', '--stdin-filename', NAME, '-', 'clusters'];

it('has the name of the file in findings, and replaces the file', () => {
  const cwd = repository();
  const { code, stdout } = run(ARGS, { cwd, input: WRONG });
  expect(code).toBe(1);
  expect(stdout).toContain(`--> ${NAME}:10:`);
  expect(stdout).not.toContain('IOM008');
  writeFileSync(join(cwd, NAME), WRONG);
  expect(run(ARGS, { cwd, input: CLASS })).toMatchObject({ code: 0 });
  expect(run([...ARGS, '--format', 'github'], { cwd, input: WRONG }).stdout).toContain(
    `file=${NAME},line=10`,
  );
});

it('belongs to the world of the file', () => {
  const cwd = repository();
  writeFileSync(join(cwd, 'iomesh-guard.yaml'), 'worlds:\n  a: {paths: [clusters]}\n');
  const { stdout } = run(ARGS, { cwd, input: WRONG });
  expect(stdout).toContain('= world: a');
  expect(stdout.match(/^error/gm)).toHaveLength(1);
});

it.each([
  [['lint', '--stdin-filename', NAME, 'clusters'], '--stdin-filename needs standard input'],
  [[...ARGS, '--fix'], '--fix cannot change standard input'],
])('is refused: %j', (args, message) => {
  const { code, stderr } = run(args, { cwd: repository(), input: WRONG });
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});
