import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { UncheckedObjects } from '../../src/cluster/unchecked-objects.ts';
import type { Json } from '../../src/core/base/json.ts';
import { type Resource, toResource } from '../../src/core/base/model.ts';
import { type Manifest, one, written } from '../deploy/objects.ts';

const BASE = [...written()].filter(([path]) => path.startsWith('base/')).flatMap(([, each]) => each);

/** The webhooks of the manifests, with another selector. */
function webhooks(selectors: Readonly<Record<string, unknown>> = {}): Json[] {
  const stored = structuredClone(one(BASE, 'ValidatingWebhookConfiguration')['webhooks']) as Manifest[];
  return stored.map((each) => ({ ...each, ...selectors })) as unknown as Json[];
}

function resource(kind: string, namespace: string | undefined, name: string, labels = {}): Resource {
  const apiVersion = { IOMeshCluster: 'iomesh.com/v1alpha1' }[kind] ?? 'v1';
  return toResource({ apiVersion, kind, metadata: { name, ...(namespace && { namespace }), labels } })!;
}

const namespace = (name: string, labels = {}) =>
  resource('Namespace', undefined, name, { 'kubernetes.io/metadata.name': name, ...labels });

function setUp(objects: readonly Resource[], namespaces: readonly Resource[]) {
  const lines: Record<string, unknown>[] = [];
  const counts: Record<string, number> = {};
  const unchecked = new UncheckedObjects({
    logger: pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) }),
    objects: () => objects,
    namespaces: () => namespaces,
    counted: (kind, count) => {
      counts[kind] = count;
    },
  });
  return { unchecked, lines, counts };
}

const NONE = { IOMeshCluster: 0, ZookeeperCluster: 0, ConfigMap: 0 };

describe('objects that the webhook configuration excludes', () => {
  const pool = resource('IOMeshCluster', 'pool', 'fast', { team: 'a' });
  const hidden = resource('IOMeshCluster', 'kube-system', 'hidden');
  const connection = resource('ConfigMap', 'kube-system', 'iomesh-csi-configmap');
  const namespaces = [namespace('pool', { trust: 'none' }), namespace('kube-system')];

  it('are counted, and logged once, with their namespaces', () => {
    const { unchecked, lines, counts } = setUp([pool, hidden, connection], namespaces);
    unchecked.compare(webhooks());
    unchecked.compare(webhooks());
    expect(counts).toEqual({ ...NONE, IOMeshCluster: 1, ConfigMap: 1 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 40,
      count: 2,
      objects: ['ConfigMap kube-system/iomesh-csi-configmap', 'IOMeshCluster kube-system/hidden'],
      namespaces: ['kube-system'],
    });
  });

  it('are no longer reported when the configuration sends them', () => {
    const { unchecked, lines, counts } = setUp([hidden], namespaces);
    unchecked.compare(webhooks());
    unchecked.compare(webhooks({ namespaceSelector: {} }));
    expect(counts).toEqual(NONE);
    expect(lines.map(({ level }) => level)).toEqual([40, 30]);
  });

  it.each<[string, Record<string, unknown>, number]>([
    ['none by default', {}, 0],
    ['a label of the Namespace', { namespaceSelector: { matchLabels: { trust: 'all' } } }, 1],
    ['a label that it has', { namespaceSelector: { matchLabels: { trust: 'none' } } }, 0],
    ['a missing label', { namespaceSelector: { matchExpressions: [{ key: 'x', operator: 'Exists' }] } }, 1],
    [
      'an existing label',
      { namespaceSelector: { matchExpressions: [{ key: 'trust', operator: 'DoesNotExist' }] } },
      1,
    ],
    ['a label of the object', { objectSelector: { matchLabels: { team: 'b' } } }, 1],
    ['an object label that it has', { objectSelector: { matchLabels: { team: 'a' } } }, 0],
  ])('are found by %s', (_, selectors, count) => {
    const { unchecked, counts } = setUp([pool], namespaces);
    unchecked.compare(webhooks(selectors));
    expect(counts).toEqual({ ...NONE, IOMeshCluster: count });
  });

  it('are all objects if the configuration has no webhook', () => {
    const { unchecked, counts } = setUp([pool], namespaces);
    unchecked.compare([]);
    expect(counts).toEqual({ ...NONE, IOMeshCluster: 1 });
  });

  it('are not the ConfigMaps of a list of namespaces that the replicas keep', () => {
    const { unchecked, counts } = setUp([resource('ConfigMap', 'pool', 'iomesh-csi-configmap')], namespaces);
    const limited = {
      matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: [] }],
    };
    unchecked.compare(webhooks({ namespaceSelector: limited, matchConditions: [] }));
    expect(counts).toEqual(NONE);
  });

  it.each([[[{}]], [[{ rules: 'x', namespaceSelector: { matchExpressions: {} } }]], [[null]]])(
    'are found with any JSON for webhooks: %j',
    (hostile) => {
      expect(() => setUp([pool], namespaces).unchecked.compare(hostile as Json[])).not.toThrow();
    },
  );
});
