/**
 * The one step of the GitHub Action: builds iomesh-guard where its checkout holds no build, lints, and
 * sets the outputs. Inputs come as IOMESH_GUARD_…; nothing of them passes through a shell.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const cli = join(root, 'dist/cli.js');
const NEEDED = [20, 19];

function fail(message) {
  console.log(`::error title=iomesh-guard::${message}`);
  process.exit(2);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1]))
  fail(
    `this runner has Node ${process.versions.node}; put actions/setup-node with 22 or newer before this step`,
  );

function build() {
  for (const args of [
    ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'],
    ['run', '--silent', 'build'],
  ]) {
    // npm is a script on Windows; the arguments are ours alone.
    const { status } = spawnSync('npm', args, {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    if (status !== 0) fail(`npm ${args[0]} failed in ${root}; its output is above`);
  }
}

const input = (name) => process.env[`IOMESH_GUARD_${name}`] ?? '';
const lines = (name) =>
  input(name)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
const flag = (name, value) => (value === '' ? [] : [`--${name}=${value}`]);

if (!existsSync(cli)) build();

const folder = mkdtempSync(join(process.env.RUNNER_TEMP ?? tmpdir(), 'iomesh-guard-'));
const report = join(folder, 'findings.json');
const paths = lines('PATHS');
const { status, error } = spawnSync(
  process.execPath,
  [
    cli,
    'lint',
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

const code = status ?? 3;
const outputs = [`exit-code=${code}`];
if (existsSync(report)) {
  const { summary } = JSON.parse(readFileSync(report, 'utf8'));
  outputs.push(`errors=${summary.errors}`, `warnings=${summary.warnings}`);
}
rmSync(folder, { recursive: true, force: true });
if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, `${outputs.join('\n')}\n`);
process.exitCode = code;
