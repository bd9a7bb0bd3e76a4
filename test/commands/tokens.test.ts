/** Our division of a command line, compared with that of Node. */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tokensOf } from '../../src/commands/tokens.ts';
import { runsOf } from '../support/runs.ts';

const FLAGS = {
  format: { type: 'string', short: 'f' },
  config: { type: 'string', short: 'c' },
  exclude: { type: 'string' },
  quiet: { type: 'boolean', short: 'q' },
  help: { type: 'boolean', short: 'h' },
} as const;

const word = fc.oneof(
  fc.constantFrom(
    '--',
    '-',
    '',
    '=',
    '--=',
    '--=x',
    '---',
    '--q',
    '-hq',
    '-qf',
    '-qfjson',
    '-fq',
    '-q-',
    '-x',
  ),
  fc.constantFrom(
    '--format',
    '--format=json',
    '--format=',
    '--quiet',
    '--quiet=yes',
    '--unknown',
    '--unknown=1',
  ),
  fc.constantFrom(
    '-f',
    '-fjson',
    '-f=json',
    '-xq',
    '-qx',
    '--constructor',
    'clusters/',
    '__proto__',
    '--__proto__',
  ),
  fc.string({ maxLength: 4 }),
  fc.string({ maxLength: 4 }).map((text) => `-${text}`),
  fc.string({ maxLength: 4 }).map((text) => `--${text}`),
);

it('divides arguments as parseArgs of Node does', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (args) => {
      const { tokens } = parseArgs({
        args,
        options: FLAGS,
        allowPositionals: true,
        strict: false,
        tokens: true,
      });
      const expected = tokens.flatMap((token): object[] => {
        if (token.kind === 'positional') return [{ kind: 'positional', value: token.value }];
        const { kind } = token;
        return kind === 'option'
          ? [{ kind, name: token.name, rawName: token.rawName, value: token.value }]
          : [];
      });
      expect(tokensOf(args, FLAGS)).toEqual(expected);
    }),
    { numRuns: runsOf(20_000) },
  );
});
