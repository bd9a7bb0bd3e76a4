/** Commands of a plan are words of a shell, whatever the input. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canBeStored, helm, kubectl, shellLine } from '../../../src/core/plan/shell.ts';

/** The words that bash makes of each line, with a function in place of the program. */
function wordsOf(...lines: readonly string[]): string[][] {
  const print = `kubectl() { printf '%s\\0' "$@" $'\\x01'; }; helm() { kubectl "$@"; }`;
  const { stdout, stderr } = spawnSync('bash', ['-c', [print, ...lines].join('\n')], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout
    .split('\u0001\0')
    .slice(0, -1)
    .map((each) => each.split('\0').slice(0, -1));
}

it('gives a shell the very words', () => {
  const word = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '$(reboot)',
      "a'; reboot; '",
      '`id`',
      '~',
      '*',
      '--all',
      '',
      '#',
      '\n',
      '!!',
      '{"a":"b"}',
    ),
  );
  const words = fc.array(
    word.map((each) => each.replaceAll('\0', '').replaceAll('\u0001', '')),
    { minLength: 1, maxLength: 6 },
  );
  // Many commands for each start of the shell.
  fc.assert(
    fc.property(fc.array(words, { minLength: 100, maxLength: 200 }), (given) => {
      expect(wordsOf(...given.map((each) => shellLine(kubectl(...each))))).toEqual(given);
    }),
    { numRuns: 2 },
  );
});

it('puts the cluster into every command, also into an inner one', () => {
  const cluster = { context: 'a b', kubeconfig: "/o'k" };
  expect(wordsOf(shellLine(helm('list'), cluster))).toEqual([
    ["--kubeconfig=/o'k", '--kube-context=a b', 'list'],
  ]);
  const inner = shellLine(kubectl('exec', kubectl('get', 'x y')), { context: 'c' });
  expect(inner).toBe(`kubectl --context=c exec "$(kubectl --context=c get 'x y')"`);
});

it('names no object whose name could be a flag', () => {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'a', name: 'b' };
  expect(canBeStored(ref)).toBe(true);
  for (const name of ['--all', '', 'a b', 'A', 'a/b']) {
    expect(canBeStored({ ...ref, name }), name).toBe(false);
    expect(canBeStored({ ...ref, namespace: name }), name).toBe(false);
  }
});
