import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { go, hasGo } from '../e2e/control-plane/go.ts';
import { cacheHome } from '../support/cache-home.ts';

/** The versions of kustomize and Helm for the tests. */
const TOOLS = {
  kustomize: { module: 'sigs.k8s.io/kustomize/kustomize/v5', version: 'v5.8.2', link: '' },
  // The Kubernetes version that Helm assumes without a cluster, as in its release builds.
  helm: {
    module: 'helm.sh/helm/v3/cmd/helm',
    version: 'v3.22.0',
    link: ['chartutil', 'lint/rules']
      .flatMap((each) => [
        `helm.sh/helm/v3/pkg/${each}.k8sVersionMajor=1`,
        `helm.sh/helm/v3/pkg/${each}.k8sVersionMinor=37`,
      ])
      .map((each) => `-X ${each}`)
      .join(' '),
  },
} as const;

export type Tool = keyof typeof TOOLS;

/** The timeout of both builds with a cold cache on a busy machine. */
export const BUILD_MS = 30 * 60_000;

/** Why the tools are not available; undefined if they are. */
export function missingTools(): string | undefined {
  if (Object.keys(TOOLS).every((name) => existsSync(pathOf(name as Tool))) || hasGo()) return undefined;
  return 'rendered deployments were not tested: install Go (https://go.dev/dl), which builds kustomize and helm once';
}

/**
 * The program, built by Go on first use and kept outside the tree under its version. Two test runs that
 * build it at the same time do not disturb each other.
 */
export async function tool(name: Tool): Promise<string> {
  const path = pathOf(name);
  if (existsSync(path)) return path;
  const { module, version, link } = TOOLS[name];
  mkdirSync(cache(), { recursive: true });
  const work = mkdtempSync(join(cache(), '.building-'));
  try {
    process.stderr.write(`building ${name} ${version} from Go modules, once; this takes minutes\n`);
    await go(['install', '-trimpath', '-ldflags', `-s -w ${link}`, `${module}@${version}`], {
      env: { CGO_ENABLED: '0', GOBIN: work, GOWORK: 'off' },
    });
    renameSync(join(work, name), path);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return path;
}

/** The result of a program. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program and waits for its end. */
export function run(program: string, args: readonly string[]): Run {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  return { code: status, stdout, stderr };
}

function pathOf(name: Tool): string {
  const { version, link } = TOOLS[name];
  const key = createHash('sha256').update(link).digest('hex').slice(0, 8);
  return join(cache(), `${name}-${version}-${key}`);
}

function cache(): string {
  return join(cacheHome(), 'bin');
}
