/** The GitHub Action, its steps run as a runner does: expressions filled in, bash, GITHUB_… variables. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { folderOf, ROOT } from '../support/run-cli.ts';
import { breakRepository, cloneTree, mayFetch, ordinaryRepository, temporary } from '../package/tree.ts';

interface Action {
  readonly inputs: Record<string, { description: string; default: string }>;
  readonly outputs: Record<string, { description: string; value: string }>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly { id: string; shell: string; run: string; env: Record<string, string> }[];
  };
}

const action = load(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Action;

interface Outcome {
  readonly code: number | null;
  readonly log: string;
  readonly outputs: Record<string, string>;
  readonly summary: string;
  readonly workspace: string;
}

function exampleWorkspace(): string {
  return folderOf({
    'broken.yaml': readFileSync(join(ROOT, 'examples/broken/pool/connection.yaml')),
    'clusters/a/iomesh.yaml': readFileSync(join(ROOT, 'examples/two-clusters/management/iomesh.yaml')),
    'with space/iomesh.yaml': readFileSync(join(ROOT, 'examples/two-clusters/management/iomesh.yaml')),
  });
}

/** What a runner makes of the action, by default in a workspace that holds the examples. */
function use(
  inputs: Readonly<Record<string, string>>,
  path = ROOT,
  variables: Readonly<Record<string, string>> = {},
  workspace = exampleWorkspace(),
): Outcome {
  for (const name of Object.keys(inputs)) expect(action.inputs).toHaveProperty([name]);
  const temp = temporary('runner');
  const files = { GITHUB_OUTPUT: join(temp, 'output'), GITHUB_STEP_SUMMARY: join(temp, 'summary') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  let code: number | null = 0;
  let log = '';
  for (const step of action.runs.steps) {
    const env = Object.fromEntries(
      Object.entries(step.env).map(([name, text]) => [
        name,
        text.replaceAll(
          /\$\{\{ inputs\.([\w-]+) \}\}/g,
          (_all, input: string) => inputs[input] ?? action.inputs[input]!.default,
        ),
      ]),
    );
    const script = join(temp, 'step.sh');
    writeFileSync(script, step.run);
    const result = spawnSync(step.shell, ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: workspace,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        ...files,
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: workspace,
        GITHUB_ACTION_PATH: path,
        RUNNER_TEMP: temp,
        ...env,
        ...variables,
      },
    });
    code = result.status;
    log += result.stdout + result.stderr;
  }
  const set = Object.fromEntries(
    readFileSync(files.GITHUB_OUTPUT, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const outputs = Object.fromEntries(
    Object.entries(action.outputs).map(([name, { value }]) => [
      name,
      set[/steps\.lint\.outputs\.([\w-]+) /.exec(value)![1]!] ?? '',
    ]),
  );
  return { code, log, outputs, summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'), workspace };
}

describe('action.yml', () => {
  it('is a composite action whose inputs never become code', () => {
    expect(action.runs.using).toBe('composite');
    for (const { run, shell } of action.runs.steps) {
      expect(shell).toBe('bash');
      expect(run).not.toContain('${'.concat('{'));
    }
    for (const each of [...Object.values(action.inputs), ...Object.values(action.outputs)])
      expect(each.description).toMatch(/\w/);
  });

  it('annotates what it finds, sets its outputs and fails the step', () => {
    const { code, log, outputs, summary } = use({ paths: 'broken.yaml' });
    expect(code).toBe(1);
    expect(log).toMatch(/^::error file=broken\.yaml,line=\d+/m);
    expect(outputs['exit-code']).toBe('1');
    expect(Number(outputs['errors'])).toBeGreaterThan(0);
    expect(summary).toContain('IOM');
  });

  it('fails for nothing where it is told so', () => {
    const { code, outputs } = use({ paths: 'broken.yaml', 'fail-on': 'never', format: 'text' });
    expect([code, outputs['exit-code']]).toEqual([0, '0']);
    expect(Number(outputs['errors'])).toBeGreaterThan(0);
  });

  it('takes several paths, one a line, with spaces in them', () => {
    const { log } = use({ paths: 'clusters\n  with space \r\n\n', format: 'text', 'fail-on': 'never' });
    expect(log).toContain('with space/iomesh.yaml');
    expect(log).toContain('2 files');
  });

  it('writes SARIF beside the annotations', () => {
    const { workspace, log } = use({ paths: 'broken.yaml', sarif: 'out.sarif' });
    const sarif = JSON.parse(readFileSync(join(workspace, 'out.sarif'), 'utf8'));
    expect(sarif.version).toBe('2.1.0');
    expect(sarif.runs[0].results.length).toBeGreaterThan(0);
    expect(log).toContain('::error');
  });

  it('hands more arguments on, each a line', () => {
    const { workspace } = use({
      paths: 'broken.yaml',
      args: '--format=junit\n--output\nj unit.xml\n--quiet',
    });
    expect(readFileSync(join(workspace, 'j unit.xml'), 'utf8')).toContain('<testsuite');
  });

  it('says what is wrong with its inputs', () => {
    const wrong = use({ 'fail-on': 'eror' });
    expect(wrong.code).toBe(2);
    expect(wrong.log).toContain('did you mean error?');
    expect(wrong.outputs).toEqual({ 'exit-code': '2', errors: '', warnings: '' });
    expect(use({ paths: 'no-such-place' }).code).toBe(2);
    expect(use({ 'max-warnings': 'many' }).code).toBe(2);
    expect(use({ config: 'none.yaml' }).code).toBe(2);
  });

  it.each([
    ['SIGKILL', 'usually the runner or its container is out of memory'],
    ['SIGSEGV', 'usually a fault of Node; try another release with actions/setup-node'],
    ['SIGTERM', 'usually the job was cancelled'],
  ])('reports that %s killed the linter, and the usual cause', (signal, cause) => {
    const kill = join(temporary('kill'), 'kill.cjs');
    // The linter alone: the action itself has no arguments.
    writeFileSync(kill, `if (process.argv[2] === 'lint') process.kill(process.pid, '${signal}');\n`);
    const killed = use({ paths: 'clusters' }, ROOT, { NODE_OPTIONS: `--require=${kill}` });
    expect(killed.log).toBe(
      `::error title=iomesh-guard::the linter was killed by ${signal} (Node ${process.versions.node}): ${cause}\n`,
    );
    expect(killed.code).toBe(3);
    expect(killed.outputs).toEqual({ 'exit-code': '3', errors: '', warnings: '' });
  });

  it.each(Object.keys(action.inputs))('takes %s as text, whatever it holds', (name) => {
    for (const text of ['$(touch pwned)`touch pwned`', "'; touch pwned; \"; touch pwned; '", '--fix']) {
      const { workspace, log } = use({ paths: 'broken.yaml', [name]: text });
      expect(existsSync(join(workspace, 'pwned'))).toBe(false);
      expect(log).not.toMatch(/internal error|\n\s+at /);
      if (name === 'paths')
        expect(readFileSync(join(workspace, 'broken.yaml'))).toEqual(
          readFileSync(join(ROOT, 'examples/broken/pool/connection.yaml')),
        );
    }
  });

  it('checks a whole repository if no path is set, among files of others', () => {
    const workspace = ordinaryRepository();
    const good = use({}, ROOT, {}, workspace);
    expect([good.code, good.log]).toEqual([0, expect.not.stringContaining('::error')]);
    breakRepository(workspace);
    const bad = use({}, ROOT, {}, workspace);
    expect([bad.code, bad.log]).toEqual([1, expect.stringMatching(/^::error file=clusters\/.*IOM701/m)]);
  });

  it('builds the linter from few packages', () => {
    const checkout = cloneTree();
    const script = (name: string, ...args: string[]) => {
      const all = [join(checkout, 'scripts', name), ...args];
      const { status, stderr } = spawnSync(process.execPath, all, { cwd: checkout, encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
    };
    const project = temporary('project');
    script('lint-packages.mjs', project);
    const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'));
    // Binaries of other platforms are not here.
    const installed = Object.keys(packages).filter((each) => each !== '' && existsSync(join(ROOT, each)));
    expect(installed.length).toBeLessThan(20);
    for (const each of installed) cpSync(join(ROOT, each), join(checkout, each), { recursive: true });
    script('compile-schemas.mjs');
    script('rule-pages.mjs');
    script('build.mjs', '--lint');
    const built = use({ paths: 'broken.yaml', sarif: 'out.sarif' }, checkout);
    expect([built.code, built.log]).toEqual([1, expect.stringContaining('::error')]);
    const fixed = use({ paths: 'broken.yaml', args: '--fix\n--unsafe-fixes' }, checkout);
    expect(fixed.log).not.toContain('internal error');
  });

  it.skipIf(!mayFetch)(
    'builds itself from a checkout, and everything if it reads a cluster',
    () => {
      const checkout = cloneTree();
      const first = use({ paths: 'clusters', 'fail-on': 'never' }, checkout);
      expect([first.code, first.outputs['exit-code']]).toEqual([0, '0']);
      expect(existsSync(join(checkout, 'dist/cli.js'))).toBe(true);
      expect(readdirSync(join(checkout, 'node_modules')).length).toBeLessThan(20);
      const cluster = use({ paths: 'clusters', args: '--kubeconfig=none' }, checkout);
      expect([cluster.code, cluster.log]).toEqual([2, expect.stringContaining('none')]);
      expect(existsSync(join(checkout, 'dist/kubernetes.js'))).toBe(true);
    },
    300_000,
  );
});
