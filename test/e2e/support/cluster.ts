import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Answer } from './api.ts';
import type { ControlPlane } from './control-plane.ts';
import { type Result, runKubectl } from './kubectl.ts';
import { minorOf } from './kubernetes.ts';
import { kubeconfig } from './kubeconfig.ts';

const SERVED_MS = 60_000;

/** A manifest, an object, or several of them. */
export type Manifests = string | object | readonly (string | object)[];

/** A stored object, from `kubectl get -o json`. */
export interface Stored {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion: string;
    readonly [field: string]: unknown;
  };
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into objects of any kind.
  readonly [field: string]: any;
}

/** The cluster as a user sees it: every method runs kubectl. */
export class Cluster {
  readonly plane: ControlPlane;
  /** The kubeconfig file of the user. */
  readonly kubeconfig: string;

  constructor(plane: ControlPlane, file: string = plane.kubeconfig) {
    this.plane = plane;
    this.kubeconfig = file;
  }

  kubectl(args: readonly string[], input?: string): Promise<Result> {
    const { kubernetes, dir } = this.plane;
    return runKubectl(
      { program: join(kubernetes.folder, 'kubectl'), kubeconfig: this.kubeconfig, home: dir },
      args,
      input,
    );
  }

  /**
   * The flags of `apply` for objects that are complete only after the webhook: before 1.25 kubectl itself looks
   * for required fields.
   */
  get forIncomplete(): readonly string[] {
    return minorOf(this.plane.kubernetes) < 25 ? ['--validate=false'] : [];
  }

  /** `kubectl apply -f -`. */
  apply(manifests: Manifests, ...flags: readonly string[]): Promise<Result> {
    return this.kubectl(['apply', ...flags, '-f', '-'], documents(manifests));
  }

  /** `kubectl apply -R -f PATH...`. */
  applyFiles(paths: readonly string[], ...flags: readonly string[]): Promise<Result> {
    return this.kubectl(['apply', '--recursive', ...flags, ...paths.flatMap((path) => ['-f', path])]);
  }

  /** `kubectl apply --dry-run=server`; standard output is the resulting object as JSON. */
  dryRun(manifests: Manifests, ...flags: readonly string[]): Promise<Result> {
    return this.apply(manifests, '--dry-run=server', '-o', 'json', ...flags);
  }

  /** `kubectl diff`: code 0 without a difference, 1 with one. */
  diff(manifests: Manifests): Promise<Result> {
    return this.kubectl(['diff', '-f', '-'], documents(manifests));
  }

  delete(kind: string, name: string, namespace?: string, ...flags: readonly string[]): Promise<Result> {
    return this.kubectl(['delete', kind, name, ...within(namespace), '--wait=false', ...flags]);
  }

  /** The stored object; undefined if there is none. */
  async get(kind: string, name: string, namespace?: string): Promise<Stored | undefined> {
    const result = await this.kubectl([
      'get',
      kind,
      name,
      ...within(namespace),
      '--ignore-not-found',
      '-o',
      'json',
    ]);
    expectOk(result);
    return result.stdout === '' ? undefined : (JSON.parse(result.stdout) as Stored);
  }

  async expectStored(kind: string, name: string, namespace?: string): Promise<Stored> {
    const object = await this.get(kind, name, namespace);
    expect(object, `${kind} ${name} is stored`).toBeDefined();
    return object!;
  }

  async expectNotStored(kind: string, name: string, namespace?: string): Promise<void> {
    expect(await this.get(kind, name, namespace), `${kind} ${name} is not stored`).toBeUndefined();
  }

  /** A token of a ServiceAccount named namespace/name. `kubectl create token` came with 1.24. */
  async token(serviceAccount: string): Promise<string> {
    const [namespace, name] = split(serviceAccount);
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const { status, body } = await this.plane.api.call('POST', path, request);
    expect(status, JSON.stringify(body)).toBe(201);
    return body.status.token;
  }

  /** Merges into the status of an object with that path. `kubectl patch --subresource` came with 1.24. */
  async patchStatus(path: string, status: object): Promise<Answer> {
    const answer = await this.plane.api.call(
      'PATCH',
      `${path}/status`,
      { status },
      'application/merge-patch+json',
    );
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer;
  }

  /** The cluster with the permissions of a ServiceAccount (namespace/name). */
  async as(serviceAccount: string): Promise<Cluster> {
    const [namespace, name] = split(serviceAccount);
    const { url, ca, dir } = this.plane;
    const file = join(dir, 'users', `${namespace}.${name}.kubeconfig`);
    mkdirSync(join(dir, 'users'), { recursive: true });
    const user = { token: await this.token(serviceAccount) };
    writeFileSync(file, kubeconfig({ url, ca, user, namespace }), { mode: 0o600 });
    return new Cluster(this.plane, file);
  }

  /** `apply` as a ServiceAccount (namespace/name). */
  async applyAs(serviceAccount: string, manifests: Manifests, ...flags: readonly string[]): Promise<Result> {
    return (await this.as(serviceAccount)).apply(manifests, ...flags);
  }

  /** Creates a ServiceAccount (namespace/name) and its namespace, and grants it these permissions in all namespaces. */
  async createServiceAccount(serviceAccount: string, rules: readonly object[] = []): Promise<void> {
    const [namespace, name] = split(serviceAccount);
    const unique = `${namespace}-${name}`;
    const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: unique } };
    const applied = await this.apply([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
      { ...rbac, kind: 'ClusterRole', rules },
      {
        ...rbac,
        kind: 'ClusterRoleBinding',
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: unique },
        subjects: [{ kind: 'ServiceAccount', name, namespace }],
      },
    ]);
    expectOk(applied);
  }

  /** Installs IOMeshCluster, of the given IOMesh version, and ZookeeperCluster, and waits until they are served. */
  async installCrds(iomeshVersion: '1.0' | '1.2' = '1.0'): Promise<void> {
    const folder = join(import.meta.dirname, '../crds');
    const files = [`iomeshclusters-${iomeshVersion}.yaml`, 'zookeeperclusters.yaml'];
    expectOk(await this.applyFiles(files.map((name) => join(folder, name))));
    await this.untilServed('iomeshclusters.iomesh.com', 'zookeeperclusters.zookeeper.pravega.io');
  }

  /**
   * Waits until custom resources of these definitions can be stored; by default of all. A new definition has
   * no conditions yet, which is an error for `kubectl wait`.
   */
  async untilServed(...definitions: readonly string[]): Promise<void> {
    const which = definitions.length === 0 ? ['--all'] : definitions;
    const wait = ['wait', 'crd', ...which, '--for=condition=Established', '--timeout=60s'];
    let result = await this.kubectl(wait);
    for (const until = Date.now() + SERVED_MS; result.code !== 0 && Date.now() < until; await sleep(250))
      result = await this.kubectl(wait);
    expectOk(result);
  }
}

/** The command succeeded. */
export function expectOk(result: Result): void {
  expect(result.code, shown(result)).toBe(0);
}

/** kubectl failed because a webhook denied the request, and printed the code and all of the words. */
export function expectDenied(result: Result, code: string, words: readonly string[] = []): void {
  expect(result.code, shown(result)).not.toBe(0);
  expect(result.stderr, shown(result)).toContain('denied the request');
  for (const word of [code, ...words]) expect(result.stderr, shown(result)).toContain(word);
}

/** kubectl succeeded and printed a warning with the code and all of the words. */
export function expectWarned(result: Result, code: string, words: readonly string[] = []): void {
  expectOk(result);
  const wanted = [code, ...words];
  const found = warnings(result).some((line) => wanted.every((word) => line.includes(word)));
  expect(found, `no warning has ${wanted.join(', ')}: ${shown(result)}`).toBe(true);
}

/** The warnings that kubectl printed. */
export function warnings({ stderr }: Result): string[] {
  return stderr.split('\n').filter((line) => line.startsWith('Warning: '));
}

function shown({ command, code, stdout, stderr }: Result): string {
  return `${command} ended with ${code}\n${stderr}${stdout}`;
}

function documents(manifests: Manifests): string {
  const all = Array.isArray(manifests) ? manifests : [manifests];
  // kubectl 1.32 reads a stream that starts with a brace as JSON, including the separators.
  return all.map((each) => `---\n${typeof each === 'string' ? each : JSON.stringify(each)}\n`).join('');
}

function within(namespace: string | undefined): string[] {
  return namespace === undefined ? [] : ['-n', namespace];
}

function split(serviceAccount: string): [namespace: string, name: string] {
  const [namespace, name, ...rest] = serviceAccount.split('/');
  if (!namespace || !name || rest.length > 0)
    throw new Error(`${serviceAccount}: name a ServiceAccount as namespace/name`);
  return [namespace, name];
}
