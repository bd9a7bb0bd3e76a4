/** Writes all files of a pool, or none. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeAll } from '../../../src/commands/new-pool/write.ts';
import { folderOf } from '../../support/run-cli.ts';

const FILES = [
  { name: 'a.yaml', text: 'a\n' },
  { name: 'b.yaml', text: 'b\n' },
];

it('creates the parent directories', () => {
  const folder = join(folderOf({}), 'x/y');
  writeAll(folder, FILES);
  expect(readdirSync(folder)).toEqual(['a.yaml', 'b.yaml']);
});

it('removes its files when one cannot be written, and keeps existing ones', () => {
  const root = folderOf({});
  const folder = join(root, 'x/y');
  const unwritable = { name: 'no/such/folder.yaml', text: '' };
  expect(() => writeAll(folder, [...FILES, unwritable])).toThrow('no such file');
  expect(existsSync(join(root, 'x'))).toBe(false);

  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'b.yaml'), 'mine\n');
  expect(() => writeAll(folder, FILES)).toThrow(/exists/);
  expect(readdirSync(folder)).toEqual(['b.yaml']);
  expect(readFileSync(join(folder, 'b.yaml'), 'utf8')).toBe('mine\n');
});
