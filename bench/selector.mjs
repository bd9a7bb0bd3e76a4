/**
 * Measures the index of selections: 1000 clusters on ten hosts each, none shared. Prints the time to build it, to
 * look up every cluster, and to check one change with it, as the webhook does for each request.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const CLUSTERS = 1000;
const HOSTS = 10;
const ROUNDS = 7;

const directory = mkdtempSync(join(tmpdir(), 'bench-selector-'));
try {
  const outfile = join(directory, 'selector.mjs');
  const entry = fileURLToPath(new URL('../src/core/node-selector/index.ts', import.meta.url));
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  measure(await import(pathToFileURL(outfile)));
} finally {
  rmSync(directory, { recursive: true });
}

function measure({ SelectionIndex, overlaps, parsePlacement }) {
  // Parsed anew each time, because what is derived from a selection is cached with it.
  const fresh = () =>
    Array.from({ length: CLUSTERS }, (_, n) => [parsePlacement(podPolicy(n), ['spec']).selection, n]);
  const times = { parse: [], build: [], 'look up each': [], 'one change': [] };
  for (let round = 0; round < ROUNDS; round++) {
    const claims = timed(times.parse, fresh);
    const index = timed(times.build, () => new SelectionIndex(claims));
    const found = timed(times['look up each'], () =>
      claims.map(([selection]) => index.candidates(selection)),
    );
    if (found.some((each, n) => each.length !== 1 || each[0] !== n)) throw new Error('wrong result');
    timed(times['one change'], () => {
      const { selection } = parsePlacement(podPolicy(round, round + 500), ['spec']);
      const candidates = index.candidates(selection);
      const real = candidates.filter((n) => n !== round && overlaps(selection, claims[n][0]).length > 0);
      if (real.length !== 1) throw new Error('wrong result');
    });
  }
  for (const [what, list] of Object.entries(times)) {
    const sorted = list.sort((a, b) => a - b);
    console.log(
      `${what.padEnd(14)} ${sorted[Math.floor(ROUNDS / 2)].toFixed(2)} ms (median of ${ROUNDS}; slowest ${sorted.at(-1).toFixed(2)})`,
    );
  }
}

/** A required node affinity on the hosts of a cluster, and the first host of another one. */
function podPolicy(cluster, other) {
  const values = Array.from({ length: HOSTS }, (_, host) => `k8s-worker-${cluster * HOSTS + host}`);
  if (other !== undefined) values.push(`k8s-worker-${other * HOSTS}`);
  const matchExpressions = [{ key: 'kubernetes.io/hostname', operator: 'In', values }];
  const nodeSelectorTerms = [{ matchExpressions }];
  return {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
  };
}

function timed(times, work) {
  const started = performance.now();
  const result = work();
  times.push(performance.now() - started);
  return result;
}
