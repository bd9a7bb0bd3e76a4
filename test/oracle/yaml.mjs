// Compares the manifest reader with kubectl's own libraries: thousands of mutations of real manifests are
// read by both, and every difference is shrunk and printed.
// Usage: node test/oracle/yaml.mjs [--documents N] [--seed S]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { mutate, random } from './yaml-mutations.mjs';
import { startOracle } from './yaml-process.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const FIXTURES = join(HERE, '../fixtures');
const BATCH = 250;
const SHOWN = 5;

const { values } = parseArgs({
  options: { documents: { type: 'string' }, seed: { type: 'string' } },
});
const wanted = Number(values.documents ?? 20_000);
const seed = Number(values.seed ?? (process.env.CI === 'true' ? 1 : Math.floor(Math.random() * 2 ** 31)));

const work = mkdtempSync(join(tmpdir(), 'yaml-oracle-'));
try {
  process.exitCode = await main();
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function main() {
  const binary = join(work, 'oracle');
  if (spawnSync('go', ['version']).status !== 0) {
    process.stdout.write('yaml oracle: Go is not installed; nothing was compared\n');
    return process.env.CI === 'true' ? 1 : 0;
  }
  const built = spawnSync('go', ['build', '-o', binary, '.'], { cwd: join(HERE, 'yaml'), encoding: 'utf8' });
  if (built.status !== 0) {
    process.stderr.write(built.stderr);
    return 1;
  }
  const ours = await bundleReader();
  const oracle = startOracle(binary);
  process.stdout.write(`seed ${seed}\n`);
  const { documents, files, unstable, differing } = await compare(ours, oracle);
  for (const bytes of differing.slice(0, SHOWN)) await show(bytes, ours, oracle);
  await oracle.stop();
  process.stdout.write(`${files} files, ${unstable} of them left out (Go's map order shows in the result)\n`);
  const share = Math.round((100 * ours.coverage.quick) / ours.coverage.documents);
  process.stdout.write(`${share} % of the YAML documents went through the quick reader too\n`);
  process.stdout.write(`${documents} documents, ${differing.length} differences\n`);
  return differing.length === 0 ? 0 : 1;
}

async function bundleReader() {
  const outfile = join(work, 'reader.mjs');
  await build({
    entryPoints: [join(HERE, 'yaml-reader.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile).href);
}

async function compare(ours, oracle) {
  const seeds = [join(FIXTURES, 'oracle-seeds'), join(FIXTURES, 'kubectl-yaml/inputs')].flatMap((folder) =>
    readdirSync(folder)
      .toSorted()
      .map((name) => readFileSync(join(folder, name))),
  );
  const next = random(seed);
  const totals = { documents: 0, files: 0, unstable: 0, differing: [] };
  while (totals.documents < wanted) {
    const batch = Array.from({ length: BATCH }, () => mutate(seeds, next));
    const results = await oracle.read(batch);
    for (const [index, bytes] of batch.entries()) {
      const result = results[index];
      totals.files++;
      if (result.unstable) {
        totals.unstable++;
        continue;
      }
      totals.documents += Math.max(result.documents?.length ?? 0, result.kubectl?.length ?? 0, 1);
      if (differs(ours, bytes, result) !== undefined) totals.differing.push(bytes);
    }
  }
  return totals;
}

/** The two results for a file; undefined if they are equal. */
function differs(ours, bytes, result) {
  const theirs = {
    kubectl: (result.kubectl ?? []).map((outcome) => outcome.json ?? ours.REJECTED),
    documents: (result.documents ?? []).map((outcome) => outcome.json ?? ours.REJECTED),
    objects: (result.objects ?? []).map((outcome) => outcome.json ?? ours.REJECTED),
  };
  let mine;
  try {
    mine = ours.readFile(bytes);
  } catch (error) {
    return { theirs, mine: error.stack };
  }
  // The objects before and after a part that is rejected are not compared: kubectl stops there.
  const rejected = [mine, theirs].map(({ objects }) => objects.at(-1) === ours.REJECTED);
  if (rejected[0] && rejected[1]) mine = { ...mine, objects: theirs.objects };
  return JSON.stringify(mine) === JSON.stringify(theirs) ? undefined : { theirs, mine };
}

/** Shrinks a file for as long as a difference remains, and prints it. */
async function show(bytes, ours, oracle) {
  let smallest = bytes;
  const remains = async (candidate) => {
    const [result] = await oracle.read([candidate]);
    return !result.unstable && differs(ours, candidate, result) !== undefined;
  };
  for (const separator of ['\n', '']) {
    for (let size = 64; size >= 1; size = Math.floor(size / 2)) {
      for (let at = 0; ; ) {
        const text = smallest.toString('latin1');
        const parts = separator === '' ? [...text] : text.split(separator);
        if (at >= parts.length) break;
        const candidate = Buffer.from(parts.toSpliced(at, size).join(separator), 'latin1');
        if (candidate.length < smallest.length && (await remains(candidate))) smallest = candidate;
        else at += size;
      }
    }
  }
  const [result] = await oracle.read([smallest]);
  const { theirs, mine } = differs(ours, smallest, result);
  const errors = (result.kubectl ?? []).flatMap(({ error }) => error ?? []);
  process.stdout.write(`--- ${JSON.stringify(smallest.toString())}\n`);
  process.stdout.write(`  kubectl: ${JSON.stringify(theirs)} ${errors.join('; ')}\n`);
  process.stdout.write(`  ours:    ${typeof mine === 'string' ? mine : JSON.stringify(mine)}\n`);
}
