/**
 * Compares the selector algebra with the scheduler's own code, on random pairs of a pod's placement and a
 * node: node test/oracle/nodeaffinity.mjs [--pairs N] [--seed S]. Ends with 1 on any difference. Needs Go; without
 * it the comparison is skipped, which is a failure where CI is "true".
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { makePair, randomFrom } from './nodeaffinity/pairs.mjs';

const SHOWN = 3;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const { values: flags } = parseArgs({ options: { pairs: { type: 'string' }, seed: { type: 'string' } } });
const count = wholeNumber('pairs', flags.pairs, 20_000);
const anySeed = process.env.CI === 'true' ? 1 : Math.floor(Math.random() * 2 ** 32);
const seed = wholeNumber('seed', flags.seed, anySeed);
process.exitCode = await main();

async function main() {
  if (spawnSync('go', ['version']).error !== undefined) {
    console.log('node affinity: skipped, because there is no go on the PATH');
    return process.env.CI === 'true' ? 1 : 0;
  }
  const directory = mkdtempSync(join(tmpdir(), 'nodeaffinity-'));
  try {
    const random = randomFrom(seed);
    const pairs = Array.from({ length: count }, () => makePair(random));
    return report(pairs, askScheduler(directory, pairs), await askAlgebra(directory, pairs));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The result of the Go program for each pair: `match`, `no` or `error`. */
function askScheduler(directory, pairs) {
  const binary = join(directory, 'nodeaffinity');
  run('go', ['build', '-o', binary, '.'], { cwd: here('nodeaffinity'), stdio: 'inherit' });
  const input = pairs.map((pair) => `${JSON.stringify(pair)}\n`).join('');
  const answers = run(binary, [], { input, encoding: 'utf8', maxBuffer: 2 ** 30 })
    .stdout.trimEnd()
    .split('\n');
  if (answers.length !== pairs.length) throw new Error(`${answers.length} answers to ${pairs.length} pairs`);
  return answers;
}

/** The result of `parsePlacement` and `matches` for each pair. */
async function askAlgebra(directory, pairs) {
  const outfile = join(directory, 'selector.mjs');
  const entry = here('../../src/core/node-selector/index.ts');
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const { parsePlacement, matches } = await import(pathToFileURL(outfile));
  return pairs.map(({ node, ...podPolicy }) => {
    // As JSON text, like real input: an undefined member is absent.
    const { selection } = parsePlacement(JSON.parse(JSON.stringify(podPolicy)), ['spec']);
    return selection === undefined || matches(selection, node);
  });
}

function report(pairs, scheduler, algebra) {
  const share = (answer) =>
    `${Math.round((100 * scheduler.filter((each) => each === answer).length) / count)} %`;
  console.log(
    `node affinity: seed ${seed}: ${share('match')} match, ${share('no')} do not, ${share('error')} cannot be parsed`,
  );
  const differing = [...pairs.keys()].filter((index) => (scheduler[index] === 'match') !== algebra[index]);
  console.log(`${count} pairs, ${differing.length} differences`);
  const smallest = differing
    .map((index) => ({
      text: JSON.stringify(pairs[index]),
      scheduler: scheduler[index],
      algebra: algebra[index],
    }))
    .sort((a, b) => a.text.length - b.text.length);
  for (const { text, scheduler, algebra } of smallest.slice(0, SHOWN)) {
    console.log(`  scheduler: ${scheduler}, iomesh-guard: ${algebra ? 'match' : 'no'}\n    ${text}`);
  }
  return differing.length === 0 ? 0 : 1;
}

function run(command, args, options) {
  const result = spawnSync(command, args, options);
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0)
    throw new Error(`${command} ended with ${result.status ?? result.signal}: ${result.stderr ?? ''}`);
  return result;
}

function wholeNumber(name, text, otherwise) {
  if (text === undefined) return otherwise;
  if (/^[0-9]{1,10}$/.test(text)) return Number(text);
  console.error(`--${name} takes a whole number, not ${JSON.stringify(text)}`);
  process.exit(2);
}
