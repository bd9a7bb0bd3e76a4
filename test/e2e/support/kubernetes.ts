import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { builtBinaries } from '../control-plane/build.ts';
import { hasGo } from '../control-plane/go.ts';

/** A Kubernetes release that can be started. */
export interface Kubernetes {
  readonly release: string;
  /** The folder of the binaries. */
  readonly folder: string;
  /** True if etcd and kube-apiserver are two programs (KUBEBUILDER_ASSETS). */
  readonly separate: boolean;
}

/** The minor release: 37 of 1.37.2. */
export function minorOf({ release }: Pick<Kubernetes, 'release'>): number {
  return Number(release.split('.')[1]);
}

/** True if the apiserver evaluates the matchConditions of webhooks: by default since 1.28. */
export function hasMatchConditions(kubernetes: Pick<Kubernetes, 'release'>): boolean {
  return minorOf(kubernetes) >= 28;
}

/** True if the apiserver serves ValidatingAdmissionPolicies: since 1.30. */
export function hasAdmissionPolicies(kubernetes: Pick<Kubernetes, 'release'>): boolean {
  return minorOf(kubernetes) >= 30;
}

/** The newest tested release. */
export const DEFAULT_RELEASE = '1.37.2';

/**
 * The releases for this run: the binaries in KUBEBUILDER_ASSETS, or the releases in E2E_KUBERNETES
 * ("1.33.13,1.35.4"), or the default one, built if necessary. Returns a reason if none can be run.
 */
export async function findKubernetes(
  env: Readonly<Record<string, string | undefined>>,
  tell: (line: string) => void,
): Promise<readonly Kubernetes[] | { readonly missing: string }> {
  const assets = env['KUBEBUILDER_ASSETS'] ?? '';
  const wanted = env['E2E_KUBERNETES'] ?? '';
  if (assets !== '' && wanted !== '')
    throw new Error('KUBEBUILDER_ASSETS and E2E_KUBERNETES are both set; unset one of them');
  if (assets !== '') return [fromAssets(resolve(assets))];
  const releases = wanted === '' ? [DEFAULT_RELEASE] : wanted.split(',').map((each) => each.trim());
  for (const release of releases)
    if (!/^1\.\d{1,3}\.\d{1,3}$/.test(release))
      throw new Error(
        `E2E_KUBERNETES holds ${JSON.stringify(release)}: write releases in full, such as 1.35.4,${DEFAULT_RELEASE}`,
      );
  if (!hasGo())
    return {
      missing:
        'end-to-end tests were not run: install Go (https://go.dev/dl), or set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kubectl',
    };
  const found: Kubernetes[] = [];
  for (const release of new Set(releases))
    found.push({ release, folder: await builtBinaries(release, tell), separate: false });
  return found;
}

function fromAssets(folder: string): Kubernetes {
  const missing = ['etcd', 'kube-apiserver', 'kubectl'].filter((name) => !existsSync(join(folder, name)));
  if (missing.length > 0)
    throw new Error(
      `KUBEBUILDER_ASSETS=${folder} has no ${missing.join(', no ')}: \`setup-envtest use\` fetches all three`,
    );
  const version = execFileSync(join(folder, 'kube-apiserver'), ['--version'], { encoding: 'utf8' });
  return { release: /v(\d+\.\d+\.\d+)/.exec(version)?.[1] ?? version.trim(), folder, separate: true };
}
