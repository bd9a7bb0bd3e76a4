/**
 * The one step of the GitHub Action: builds iomesh-guard where its checkout holds no build, lints, and
 * sets the outputs. Inputs come as IOMESH_GUARD_…; nothing of them passes through a shell.
 */
import './check-node.cjs';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const cli = join(root, 'dist/cli.js');
const CRASH = 'usually a fault of Node; try another release with actions/setup-node';
/** What usually causes a signal that ends the linter. */
const CAUSES = {
  SIGKILL: 'usually the runner or its container is out of memory',
  SIGABRT:
    'usually the heap limit of Node is too small; raise it with NODE_OPTIONS: --max-old-space-size=4096',
  SIGINT: 'usually the job was cancelled',
  SIGTERM: 'usually the job was cancelled',
  SIGSEGV: CRASH,
  SIGBUS: CRASH,
  SIGILL: CRASH,
};

function annotate(message) {
  console.log(`::error title=iomesh-guard::${message}`);
}

function fail(message) {
  annotate(message);
  process.exit(2);
}

const script = (name, ...args) => run(process.execPath, [join(root, 'scripts', name), ...args], root);

function run(program, args, cwd) {
  // npm is a script on Windows; the arguments are ours alone.
  const { status } = spawnSync(program, args, {
    cwd,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && program === 'npm',
  });
  if (status !== 0) fail(`${program} ${args[0]} failed in ${cwd}; its output is above`);
}

const INSTALL = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'];

/** Installs the packages of the linter alone, which are few, and builds it. */
function buildLinter() {
  const folder = join(root, '.cache/lint');
  mkdirSync(folder, { recursive: true });
  script('lint-packages.mjs', folder);
  run('npm', INSTALL, folder);
  rmSync(join(root, 'node_modules'), { recursive: true, force: true });
  renameSync(join(folder, 'node_modules'), join(root, 'node_modules'));
  script('compile-schemas.mjs');
  script('rule-pages.mjs');
  script('build.mjs', '--lint');
}

/** Builds everything: the client of Kubernetes has many packages. */
function buildAll() {
  run('npm', INSTALL, root);
  run('npm', ['run', '--silent', 'build'], root);
}

const input = (name) => process.env[`IOMESH_GUARD_${name}`] ?? '';
const lines = (name) =>
  input(name)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
const flag = (name, value) => (value === '' ? [] : [`--${name}=${value}`]);

const needsCluster = lines('ARGS').some((line) => /^--(context|kubeconfig)(=|$)/.test(line));
if (needsCluster && !existsSync(join(root, 'dist/kubernetes.js'))) buildAll();
else if (!existsSync(cli)) buildLinter();

const folder = mkdtempSync(join(process.env.RUNNER_TEMP ?? tmpdir(), 'iomesh-guard-'));
const report = join(folder, 'findings.json');
const paths = lines('PATHS');
const { status, signal, error } = spawnSync(
  process.execPath,
  [
    cli,
    'lint',
    '--allow-empty',
    ...flag('format', input('FORMAT').trim()),
    ...['--format=json', `--output=${report}`],
    ...(input('SARIF').trim() === '' ? [] : ['--format=sarif', `--output=${input('SARIF').trim()}`]),
    ...flag('fail-on', input('FAIL_ON').trim()),
    ...flag('max-warnings', input('MAX_WARNINGS').trim()),
    ...flag('config', input('CONFIG').trim()),
    ...lines('ARGS'),
    // A path that looks like a flag is a path.
    '--',
    ...paths,
  ],
  { stdio: ['ignore', 'inherit', 'inherit'] },
);
if (error !== undefined) fail(`cannot start ${cli}: ${error.message}`);
if (status === null) {
  const cause = CAUSES[signal];
  annotate(
    `the linter was killed by ${signal} (Node ${process.versions.node})${cause === undefined ? '' : `: ${cause}`}`,
  );
}

const code = status ?? 3;
const outputs = [`exit-code=${code}`];
// A killed linter may have written a part of the report.
if (status !== null && existsSync(report)) {
  const { summary } = JSON.parse(readFileSync(report, 'utf8'));
  outputs.push(`errors=${summary.errors}`, `warnings=${summary.warnings}`);
}
rmSync(folder, { recursive: true, force: true });
if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, `${outputs.join('\n')}\n`);
process.exitCode = code;
