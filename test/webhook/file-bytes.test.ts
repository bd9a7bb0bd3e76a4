/** Files read into one memory are whole, whatever was read before. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { FileBytes } from '../../src/world-files/file-bytes.ts';

const MOST = 1_000_000;
const folder = mkdtempSync(join(tmpdir(), 'iomesh-guard-bytes-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('gives each file as it is, large and small in any order', () => {
  const size = fc.oneof(fc.nat(100), fc.constantFrom(65_535, 65_536, 65_537, 131_072, 300_000));
  fc.assert(
    fc.property(fc.array(size, { minLength: 1, maxLength: 8 }), (sizes) => {
      const bytes = new FileBytes(MOST);
      for (const [index, length] of sizes.entries()) {
        const content = Buffer.alloc(length, index + 1);
        const path = join(folder, `${index}`);
        writeFileSync(path, content);
        expect(content.equals(bytes.read(path))).toBe(true);
      }
    }),
    { numRuns: 50 },
  );
});

it('stops where a file is larger than anybody wants it', () => {
  const path = join(folder, 'large');
  for (const size of [MOST, MOST + 1, MOST * 3]) {
    writeFileSync(path, Buffer.alloc(size));
    const { length } = new FileBytes(MOST).read(path);
    expect(size <= MOST ? length === size : length > MOST && length <= size, `${size}`).toBe(true);
  }
});

it('reads what says nothing of its size', () => {
  expect(Buffer.from(new FileBytes(MOST).read('/proc/self/status')).toString()).toMatch(/^Name:.*VmRSS:/s);
});

it('fails as reading does', () => {
  expect(() => new FileBytes(MOST).read(join(folder, 'none'))).toThrow(/ENOENT/);
  expect(() => new FileBytes(MOST).read(folder)).toThrow(/EISDIR/);
});
