/**
 * Times `lint`: start-up against an empty Node, throughput against parsing alone and against
 * kubeconform on corpora of several sizes, memory, and how the cost grows with the number of clusters. Prints ratios; never fails.
 *
 *   node bench/lint.mjs [--rounds N]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCorpus, writeOthers } from './corpus.mjs';
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
    `start-up, one file: ${ms(start.lint)} against node -e 0 ${ms(start.floor)}: ${ratio(start.lint, start.floor)} (bound 1.6)`,
  );

  const peer = kubeconform();
  if (peer === undefined) console.log('kubeconform: not measured, Go is not here');
  const lint = (folder) => [
    node,
    cli,
    'lint',
    '--fail-on',
    'never',
    '--allow-empty',
    '--format',
    'json',
    '--output',
    join(work, 'out.json'),
    folder,
  ];
  const compare = (what, folder, bound, more = {}) => {
    const commands = { lint: lint(folder), ...more, ...(peer && { kubeconform: [...peer, folder] }) };
    const times = inTurn(commands, rounds);
    const beside =
      peer === undefined
        ? ''
        : ` against kubeconform ${ms(times.kubeconform)}: ${ratio(times.lint, times.kubeconform)} (bound ${bound})`;
    console.log(`${what}: ${ms(times.lint)}${beside}`);
    return times;
  };

  const folder = join(work, 'corpus');
  const corpus = writeCorpus(folder, 2500);
  const parse = [node, join(root, 'bench/parse-only.mjs'), folder];
  const through = compare(
    `${corpus.documents} documents in ${corpus.files} files, half of them foreign`,
    folder,
    '0.5, goal 0.35',
    { parse },
  );
  console.log(
    `  against js-yaml parsing alone ${ms(through.parse)}: ${ratio(through.lint, through.parse)} (bound 2)`,
  );
  console.log(`  peak resident memory ${peakMemory(cli, lint(folder).slice(2))?.toFixed(0)} MiB (bound 200)`);

  const smaller = join(work, 'smaller');
  const { documents } = writeCorpus(smaller, 250);
  compare(`${documents} documents, half of them foreign`, smaller, '0.6');
  const others = join(work, 'others');
  writeOthers(others, 20_000);
  compare('20000 files, ten of them of IOMesh', others, '0.3');
  const small = join(work, 'small');
  writeCorpus(small, 7);
  compare('a small repository (about 2000 lines)', small, '1.5');

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
