/** Rendered kustomizations, with places in their sources. */
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { BUILD_MS, missingTools, tool } from '../../deploy/tools.ts';
import { folderOf, ROOT, run } from '../../support/run-cli.ts';

const missing = missingTools();
if (missing !== undefined && process.env['CI'] === 'true') throw new Error(missing);
const OVERLAY = 'k/overlays/production';

describe.skipIf(missing !== undefined)('--kustomize', () => {
  let PATH: string;
  beforeAll(async () => {
    PATH = folderOf({});
    symlinkSync(await tool('kustomize'), join(PATH, 'kustomize'));
  }, BUILD_MS);

  function repository(edits: Readonly<Record<string, readonly [string, string]>> = {}): string {
    const cwd = folderOf({});
    cpSync(join(ROOT, 'examples/kustomize'), join(cwd, 'k'), { recursive: true });
    for (const [file, [from, to]] of Object.entries(edits)) {
      const text = readFileSync(join(cwd, 'k', file), 'utf8');
      expect(text).toContain(from);
      writeFileSync(join(cwd, 'k', file), text.replace(from, to));
    }
    return cwd;
  }
  const lint = (cwd: string, ...args: string[]) =>
    run(['lint', '--kustomize', OVERLAY, ...args], { cwd, env: { PATH } });

  it('finds nothing in the example, which is patched', () => {
    const { code, stdout, stderr } = lint(repository());
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('no findings');
  });

  it('shows a value of the patch in the patch', () => {
    const edit = ['dataCIDR: 10.20.0.0/24', 'dataCIDR: 10.20.0.7/24'] as const;
    const { code, stdout } = lint(repository({ 'overlays/production/network.yaml': edit }));
    expect(code).toBe(1);
    expect(stdout).toMatch(/error\[IOM304\].*\n +--> k\/overlays\/production\/network\.yaml:9:15/);
  });

  it('shows a value of the base in the base, and describes its fix', () => {
    const edit = ['fstype: ext4', 'fstype: ex4'] as const;
    const cwd = repository({ 'base/storageclass.yaml': edit });
    const { stdout } = lint(cwd, '--format', 'json');
    const [finding] = JSON.parse(stdout).findings;
    expect(finding).toMatchObject({
      code: 'IOM506',
      location: { file: 'k/base/storageclass.yaml', line: 10 },
    });
    lint(cwd, '--fix', '--unsafe-fixes');
    expect(readFileSync(join(cwd, 'k/base/storageclass.yaml'), 'utf8')).toContain('fstype: ex4');
  });

  it('shows a value of an inline patch at the object', () => {
    const inline = `  - patch: |-
      - op: replace
        path: /parameters/csi.storage.k8s.io~1fstype
        value: ex4
    target: {kind: StorageClass}
`;
    const edit = ['  - path: network.yaml\n', `  - path: network.yaml\n${inline}`] as const;
    const { stdout } = lint(repository({ 'overlays/production/kustomization.yaml': edit }));
    expect(stdout).toMatch(/error\[IOM506\].*\n +--> k\/base\/storageclass\.yaml:4:/);
  });

  it('says why it cannot be rendered', () => {
    const edit = ['../../base', '../../bass'] as const;
    const cwd = repository({ 'overlays/production/kustomization.yaml': edit });
    const failed = lint(cwd);
    expect([failed.code, failed.stderr]).toEqual([
      2,
      expect.stringContaining(`kustomize cannot render ${OVERLAY}: `),
    ]);
    const none = run(['lint', '--kustomize', OVERLAY], { cwd, env: { PATH: folderOf({}) } });
    expect([none.code, none.stderr]).toEqual([
      2,
      expect.stringContaining('neither kustomize nor kubectl is on the PATH'),
    ]);
  });
});
