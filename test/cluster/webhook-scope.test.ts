import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import type { WebhookConfigurationRef } from '../../src/cluster/webhook-configuration.ts';
import { planScope, WebhookScope, type WebhookScopeOptions } from '../../src/cluster/webhook-scope.ts';
import type { Json } from '../../src/core/base/json.ts';
import { type Manifest, one, written } from '../deploy/objects.ts';
import { ObjectStore } from '../support/object-store.ts';

const files = written();

function webhooks(kind: string): Manifest[] {
  const objects = [...files].filter(([path]) => path.startsWith('base/')).flatMap(([, each]) => each);
  return structuredClone(one(objects, kind)['webhooks']) as Manifest[];
}

/** As an apiserver before 1.28 stores the manifests for later ones. */
function withoutConditions(list: readonly Manifest[]): Manifest[] {
  return list.map(({ matchConditions: _, ...rest }) => rest);
}

/** Applies a plan as the apiserver does. */
function patched(list: readonly Manifest[], wanted: ReadonlySet<string>): Manifest[] {
  const root = { webhooks: structuredClone(list) as unknown } as Record<string, unknown>;
  for (const { path, value } of planScope(list as unknown as Json[], wanted).patch) {
    const steps = path.split('/').slice(1);
    const last = steps.pop()!;
    let at = root;
    for (const step of steps) at = at[step] as Record<string, unknown>;
    at[last] = value;
  }
  return root['webhooks'] as Manifest[];
}

const KINDS = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'];
const A = new Set(['iomesh-system']);
const B = new Set(['iomesh-system', 'pool-b', 'pool-a']);

/** The patch that writes the namespaces of B to a webhook. */
const namespacesAt = (webhook: number) => ({
  op: 'replace',
  path: `/webhooks/${webhook}/namespaceSelector/matchExpressions/0/values`,
  value: ['iomesh-system', 'pool-a', 'pool-b'],
});

describe.each(KINDS)('the plan for the %s', (kind) => {
  const base = webhooks(kind);

  it('changes no webhook for ConfigMaps if the apiserver stored the matchConditions', () => {
    const { patch, ...rest } = planScope(base as unknown as Json[], B);
    expect(rest).toEqual({ dropped: false, isLimited: false });
    expect(patch).toEqual(kind === KINDS[0] ? [namespacesAt(4)] : []);
    expect(planScope(base as unknown as Json[], A).patch).toEqual([]);
  });

  it('reports matchConditions that were not stored, and limits what they would have let through', () => {
    const stored = withoutConditions(base);
    expect(planScope(stored as unknown as Json[], B).dropped).toBe(true);
    const limited = patched(stored, B);
    for (const webhook of limited) {
      const resources = webhook['rules'].flatMap((rule: Manifest) => rule['resources']);
      if (resources.includes('configmaps'))
        expect(webhook['namespaceSelector'].matchExpressions).toEqual([
          {
            key: 'kubernetes.io/metadata.name',
            operator: 'In',
            values: ['iomesh-system', 'pool-a', 'pool-b'],
          },
        ]);
      if (resources.includes('configmaps') || resources.includes('storageclasses'))
        expect(webhook['failurePolicy']).toBe('Ignore');
    }
    expect(limited[0]).toEqual(stored[0]);
    expect(planScope(limited as unknown as Json[], B)).toEqual({
      patch: [],
      dropped: false,
      isLimited: true,
    });
  });

  it('follows the namespaces of the clusters, and writes nothing if they are the same', () => {
    const limited = patched(withoutConditions(base), A);
    expect(planScope(limited as unknown as Json[], A).patch).toEqual([]);
    const { patch, dropped } = planScope(limited as unknown as Json[], B);
    expect(dropped).toBe(false);
    expect(patch).toEqual([namespacesAt(1), ...(kind === KINDS[0] ? [namespacesAt(4)] : [])]);
  });

  it('keeps a failurePolicy that was chosen for limited webhooks', () => {
    const limited = patched(withoutConditions(base), A).map((each) => ({ ...each, failurePolicy: 'Fail' }));
    expect(planScope(limited as unknown as Json[], A).patch).toEqual([]);
  });

  it.each([[[]], [[{}]], [[{ rules: 'x', namespaceSelector: { matchExpressions: {} } }]], [[null]]])(
    'takes any JSON for webhooks: %j',
    (hostile) => {
      expect(() => planScope(hostile as Json[], A)).not.toThrow();
    },
  );
});

describe('a replica', () => {
  const path = (kind: string) =>
    `/apis/admissionregistration.k8s.io/v1/${kind === KINDS[0] ? 'validatingwebhookconfigurations' : 'mutatingwebhookconfigurations'}/iomesh-guard`;

  function setUp(manifests: (kind: string) => Manifest[]) {
    const api = new ObjectStore();
    for (const kind of KINDS)
      api.put(path(kind), { metadata: { name: 'iomesh-guard' }, webhooks: manifests(kind) } as never);
    const clock = { now: 0, namespaces: new Set(['iomesh-system']) };
    const log: Record<string, unknown>[] = [];
    const replica = (options: Partial<WebhookScopeOptions> = {}) =>
      new WebhookScope({
        api,
        logger: pino({}, { write: (line: string) => void log.push(JSON.parse(line)) }),
        configurations: KINDS.map((kind) => ({ kind, name: 'iomesh-guard' }) as WebhookConfigurationRef),
        namespaces: () => clock.namespaces,
        monotonic: () => clock.now,
        compareMs: 5,
        ...options,
      });
    const covered = () =>
      KINDS.map((kind) => {
        const webhooks = api.objects.get(path(kind))!['webhooks'] as unknown as Manifest[];
        return webhooks[1]!['namespaceSelector'].matchExpressions[0].values as string[];
      });
    return { api, clock, log, replica, covered };
  }

  const limited = (kind: string) => patched(withoutConditions(webhooks(kind)), A);
  const both = (...names: string[]) => [names, names];

  it('adds the namespace of a new cluster, and removes it two minutes after the last cluster', async () => {
    const { clock, replica, covered } = setUp(limited);
    const scope = replica();
    await scope.start();
    expect(covered()).toEqual(both('iomesh-system'));
    clock.namespaces = new Set(['iomesh-system', 'pool-a']);
    await vi.waitFor(() => expect(covered()).toEqual(both('iomesh-system', 'pool-a')));
    clock.namespaces = new Set(['iomesh-system']);
    clock.now += 110_000;
    await setTimeout(30);
    expect(covered()).toEqual(both('iomesh-system', 'pool-a'));
    clock.now += 20_000;
    await vi.waitFor(() => expect(covered()).toEqual(both('iomesh-system')));
    scope.close();
  });

  it('covers a namespace before the first cluster in it is stored', async () => {
    const { replica, covered } = setUp(limited);
    const scope = replica({ compareMs: 1_000_000 });
    await scope.start();
    await scope.include('pool-b');
    expect(covered()).toEqual(both('iomesh-system', 'pool-b'));
    scope.close();
  });

  it('covers it if the configurations were created after the first look', async () => {
    const { api, replica, covered } = setUp(limited);
    for (const kind of KINDS) api.objects.delete(path(kind));
    const scope = replica({ compareMs: 1_000_000 });
    await scope.start();
    for (const kind of KINDS)
      api.put(path(kind), { metadata: { name: 'iomesh-guard' }, webhooks: limited(kind) } as never);
    await scope.include('pool-b');
    expect(covered()).toEqual(both('iomesh-system', 'pool-b'));
    scope.close();
  });

  it('covers it again if the manifests were applied again in the meantime', async () => {
    const { api, replica, covered } = setUp(limited);
    const scope = replica({ compareMs: 1_000_000 });
    await scope.start();
    await scope.include('pool-b');
    for (const kind of KINDS)
      api.put(path(kind), { metadata: { name: 'iomesh-guard' }, webhooks: limited(kind) } as never);
    await scope.include('pool-b');
    expect(covered()).toEqual(both('iomesh-system', 'pool-b'));
    scope.close();
  });

  it('repeats a write that another replica prevented, and loses nothing of the others', async () => {
    const { api, replica, covered } = setUp(limited);
    const scope = replica();
    let once = true;
    api.meddle = (method, target) => {
      if (method !== 'PATCH' || !once) return;
      once = false;
      const other = api.objects.get(target)!;
      api.put(target, {
        ...other,
        metadata: { ...(other['metadata'] as object), labels: { a: 'b' } },
      } as never);
    };
    await scope.start();
    await scope.include('pool-b');
    await vi.waitFor(() => expect(covered()).toEqual(both('iomesh-system', 'pool-b')));
    expect(once).toBe(false);
    expect(
      KINDS.some((kind) => JSON.stringify(api.objects.get(path(kind))!['metadata']).includes('labels')),
    ).toBe(true);
    scope.close();
  });

  it('tries again after a failure, and logs it once', async () => {
    const { api, clock, log, replica, covered } = setUp(limited);
    let down = true;
    api.meddle = () => {
      if (down) throw new Error('connection refused');
    };
    const scope = replica();
    await scope.start();
    clock.namespaces = new Set(['iomesh-system', 'pool-a']);
    await setTimeout(40);
    expect(log.filter(({ level }) => level === 40)).toHaveLength(1);
    // Not four times a second for as long as the permission is missing.
    expect(api.requests).toHaveLength(1);
    down = false;
    clock.now += 2_000;
    await vi.waitFor(() => expect(covered()).toEqual(both('iomesh-system', 'pool-a')));
    scope.close();
  });

  it('does nothing while the clusters are unknown', async () => {
    const { api, replica } = setUp(limited);
    const scope = replica({ namespaces: () => undefined });
    await scope.start();
    await scope.include('pool-b');
    expect(api.requests).toEqual([]);
    scope.close();
  });

  it('is not ready if the apiserver dropped the matchConditions, and says which manifests to install', async () => {
    const { log, replica, covered } = setUp((kind) => withoutConditions(webhooks(kind)));
    const dropped = vi.fn();
    const scope = replica({ onDropped: dropped });
    await scope.start();
    expect(scope.problem).toContain('kubernetes-1.23');
    expect(scope.problem).toContain('matchConditions: false');
    expect(log.find(({ level }) => level === 50)).toMatchObject({ reason: scope.problem });
    expect(dropped).toHaveBeenCalledOnce();
    expect(covered()).toEqual(both('iomesh-system'));
    scope.close();
  });

  it('is ready with matchConditions, and lets a new cluster not wait', async () => {
    const { api, replica } = setUp(webhooks);
    const scope = replica({ compareMs: 1_000_000 });
    await scope.start();
    await scope.include('pool-b');
    expect(scope.problem).toBeUndefined();
    expect(api.requests.filter((each) => each.startsWith('PATCH'))).toEqual([]);
    scope.close();
  });

  it('with matchConditions keeps the list of the Namespaces that it is asked about', async () => {
    const { api, clock, replica } = setUp(webhooks);
    const scope = replica();
    await scope.start();
    clock.namespaces = new Set(['iomesh-system', 'pool-a']);
    const stored = () => api.objects.get(path(KINDS[0]!))!['webhooks'] as unknown as Manifest[];
    await vi.waitFor(() =>
      expect(stored()[4]!['namespaceSelector'].matchExpressions[0]).toEqual({
        key: 'kubernetes.io/metadata.name',
        operator: 'In',
        values: ['iomesh-system', 'pool-a'],
      }),
    );
    expect(stored().slice(0, 4)).toEqual(webhooks(KINDS[0]!).slice(0, 4));
    scope.close();
  });
});
