/**
 * Times `lint`: start-up against an empty Node, throughput against parsing alone and against
 * kubeconform, memory, and how the cost grows with the number of clusters. Prints ratios; never fails.
 *
 *   node bench/lint.mjs [--rounds N]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCorpus } from './corpus.mjs';
import { kubeconform } from './kubeconform.mjs';
import { inTurn, peakMemory, run } from './measure.mjs';
import { writeNodes } from './nodes.mjs';

const root = join(import.meta.dirname, '..');
const cli = join(root, 'dist/cli.js');
const node = process.execPath;
const flag = process.argv.indexOf('--rounds');
const rounds = flag < 0 ? 5 : Number(process.argv[flag + 1]);
const work = mkdtempSync(join(tmpdir(), 'iomesh-guard-bench-'));
const ratio = (a, b) => `${(a / b).toFixed(2)} ×`;
const ms = (seconds) => `${(seconds * 1000).toFixed(0)} ms`;

try {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });

  const one = join(root, 'examples/two-clusters/management/iomesh.yaml');
  const start = inTurn(
    { floor: [node, '-e', '0'], lint: [node, cli, 'lint', '--fail-on', 'never', one] },
    rounds * 4,
  );
  console.log(
    `start-up, one file: ${ms(start.lint)} against node -e 0 ${ms(start.floor)}: ${ratio(start.lint, start.floor)} (bound 1.7)`,
  );

  const folder = join(work, 'corpus');
  const corpus = writeCorpus(folder, 2500);
  const lint = [
    node,
    cli,
    'lint',
    '--fail-on',
    'never',
    '--format',
    'json',
    '--output',
    join(work, 'out.json'),
    folder,
  ];
  const commands = { parse: [node, join(root, 'bench/parse-only.mjs'), folder], lint };
  const peer = kubeconform(work);
  if (peer !== undefined) commands.kubeconform = [...peer, folder];
  const through = inTurn(commands, rounds);
  console.log(`${corpus.documents} documents in ${corpus.files} files: lint ${ms(through.lint)}`);
  console.log(
    `  against js-yaml parsing alone ${ms(through.parse)}: ${ratio(through.lint, through.parse)} (bound 2)`,
  );
  if (peer === undefined) console.log('  kubeconform: not measured, Go is not here');
  else
    console.log(
      `  against kubeconform ${ms(through.kubeconform)}: ${ratio(through.lint, through.kubeconform)} (bound 1, goal 0.5)`,
    );
  console.log(`  peak resident memory ${peakMemory(cli, lint.slice(2))?.toFixed(0)} MiB (bound 200)`);

  for (const clusters of [10, 100, 1000]) {
    const set = join(work, `clusters-${clusters}`);
    writeCorpus(set, clusters);
    writeNodes(join(set, 'iomesh-guard.yaml'), 10_000);
    const args = ['lint', '--fail-on', 'never', '--config', join(set, 'iomesh-guard.yaml'), set];
    const { seconds } = run(node, [cli, ...args]);
    console.log(`${clusters} clusters, 10000 nodes: whole run ${ms(seconds)}`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
