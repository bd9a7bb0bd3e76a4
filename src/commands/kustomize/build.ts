import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { errorCode } from '../../system-error.ts';

/** The programs that render a kustomization, in the order in which they are tried. */
const PROGRAMS = [
  ['kustomize', ['build']],
  ['kubectl', ['kustomize']],
] as const;
const TIMEOUT_MS = 120_000;
const MAX_BYTES = 256 * 1024 * 1024;

/** A rendered kustomization; the files in its annotations are relative to `from`. */
export type BuiltKustomization =
  | { readonly text: string; readonly from: string }
  | { readonly problem: string };

/**
 * Renders the kustomization of a directory with the kustomize or kubectl on the PATH. A kustomization around it
 * adds the file of each object as an annotation:
 * https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.8.2/api/internal/utils/annotations.go
 */
export function buildKustomization(
  folder: string,
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): BuiltKustomization {
  const from = realpathSync(mkdtempSync(join(tmpdir(), 'iomesh-guard-kustomize-')));
  try {
    const resource = relative(from, realpathSync(folder)).split(sep).join('/');
    const text = { resources: [resource], buildMetadata: ['originAnnotations'] };
    writeFileSync(join(from, 'kustomization.yaml'), JSON.stringify(text));
    for (const [program, args] of PROGRAMS) {
      const options = {
        env: { ...env },
        encoding: 'utf8',
        timeout: TIMEOUT_MS,
        maxBuffer: MAX_BYTES,
      } as const;
      const { status, stdout, stderr, error } = spawnSync(program, [...args, from], options);
      if (error !== undefined && errorCode(error) === 'ENOENT') continue;
      if (error === undefined && status === 0) return { text: stdout, from };
      const reason = error === undefined ? stderr.trim().split('\n')[0] : error.message;
      return { problem: `${program} cannot render ${name}: ${reason ?? 'no reason given'}` };
    }
    return {
      problem: `cannot render ${name}: neither kustomize nor kubectl is on the PATH; install one of them, or check the output of kubectl kustomize ${name} as standard input`,
    };
  } catch (error) {
    return { problem: `cannot render ${name}: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    rmSync(from, { recursive: true, force: true });
  }
}
