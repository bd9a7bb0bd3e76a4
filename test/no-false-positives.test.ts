/** Correct configurations in many forms have no findings: a linter with false alarms is turned off. */
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { type Config, DEFAULT_CONFIG } from '../src/core/base/config.ts';
import { judge } from '../src/core/judge/judge.ts';
import { formatPath } from '../src/core/base/path.ts';
import { readManifests } from '../src/manifests/read.ts';
import { KNOWN_KINDS, worldOf } from '../src/manifests/world.ts';
import { baseDocuments } from './cases/harness.ts';

const ALL = [...baseDocuments().values()];
const POOL = [...baseDocuments()].filter(([key]) => key.includes('cluster-1')).map(([, text]) => text);

/** A pool like that of the example, on three other nodes. */
function pool(number: number): string[] {
  return POOL.map((text) =>
    text
      .replaceAll('iomesh-cluster-1', `iomesh-cluster-${number}`)
      .replace(/k8s-worker-(\d)/g, (_, digit: string) => `k8s-worker-${number * 3 + Number(digit) - 3}`)
      .replaceAll('10.234.2.0', `10.234.${number + 1}.0`),
  );
}

function findings(texts: readonly string[], config: Partial<Config> = {}): string[] {
  const files = texts.map((text, index) => readManifests(`file-${index}`, text, { kinds: KNOWN_KINDS }));
  const world = worldOf(files, { ...DEFAULT_CONFIG, ...config }, '2026-11-23');
  expect(world.count('IOMeshCluster')).toBeGreaterThan(1);
  return judge(world).findings.map(({ code, path, message }) => `${code} ${formatPath(path)}: ${message}`);
}

const HOSTNAMES = /key: kubernetes\.io\/hostname\n( +)operator: In\n +values:\n(?: +- k8s-worker-\d+\n)+/g;

/** Pool labels instead of hostnames; ZooKeeper is still spread over hostnames. */
function byPool(text: string): string {
  const name = text.includes('iomesh-cluster-1') ? 'storage-b' : 'storage-a';
  return text.replace(
    HOSTNAMES,
    (_, indent: string) => `key: example.com/pool\n${indent}operator: In\n${indent}values: [${name}]\n`,
  );
}

const TAGS = /^ +tag: v5\.3\.0.*\n|^ +tag: v1\.0\.1\n/gm;

describe('judge finds nothing in', () => {
  it('the example', () => {
    expect(findings(ALL)).toEqual([]);
  });

  it('five clusters', () => {
    expect(findings([...ALL, ...[2, 3, 4].flatMap(pool)])).toEqual([]);
  });

  it('five clusters when there are just enough nodes', () => {
    const nodes = Array.from({ length: 15 }, (_, index) => ({
      name: `k8s-worker-${index}`,
      labels: { 'kubernetes.io/hostname': `k8s-worker-${index}` },
    }));
    expect(findings([...ALL, ...[2, 3, 4].flatMap(pool)], { nodes })).toEqual([]);
  });

  it('pools that are selected by their own label', () => {
    const texts = ALL.map(byPool);
    expect(texts.join('')).toContain('example.com/pool');
    expect(findings(texts)).toEqual([]);
  });

  it('pools that are selected by nodeSelector', () => {
    const texts = ALL.map((text) => {
      const name = text.includes('iomesh-cluster-1') ? 'b' : 'a';
      return text
        .replace(/ {8}nodeAffinity:\n(?: {10}.*\n)+/g, '')
        .replace(/ {6}affinity:\n(?= {2}\w)/g, `      nodeSelector: {pool: ${name}}\n`)
        .replace(/ {6}affinity:\n(?=$)/g, `      nodeSelector: {pool: ${name}}\n`)
        .replace(/ {6}nodeAffinity:\n(?: {8}.*\n)+/g, '')
        .replace('  pod:\n', `  pod:\n    nodeSelector: {pool: ${name}}\n`);
    });
    expect(texts.filter((text) => text.includes('nodeSelector: {pool')).length).toBe(4);
    expect(findings(texts)).toEqual([]);
  });

  it('clusters in mode allFlash', () => {
    const texts = ALL.map((text) =>
      text
        .replace('hybridFlash', 'allFlash')
        .replace(/ {6}cacheWithJournal:\n(?: {8}.*\n)+ {6}dataStore:/, '      dataStoreWithJournal:'),
    );
    expect(texts.join('')).toContain('dataStoreWithJournal');
    expect(findings(texts)).toEqual([]);
  });

  it('JSON files of one object each', () => {
    expect(findings(ALL.map((text) => JSON.stringify(load(text), undefined, 2)))).toEqual([]);
  });

  it('a file of several JSON values', () => {
    expect(findings([ALL.map((text) => JSON.stringify(load(text))).join('\n')])).toEqual([]);
  });

  it('a kind: List', () => {
    const list = { apiVersion: 'v1', kind: 'List', items: ALL.map((text) => load(text)) };
    expect(findings([JSON.stringify(list)])).toEqual([]);
  });

  it('files with Windows line ends and byte order marks', () => {
    expect(findings(ALL.map((text) => `\ufeff${text.replaceAll('\n', '\r\n')}`))).toEqual([]);
  });

  it('other names and namespaces', () => {
    const texts = ALL.map((text) =>
      text
        .replaceAll('iomesh-system', 'storage-admin')
        .replaceAll('iomesh-cluster-1', 'blue')
        .replaceAll('name: iomesh\n', 'name: core\n')
        .replaceAll('iomesh-zookeeper', 'core-zookeeper')
        .replaceAll('metaAddr: iomesh-meta', 'metaAddr: core-meta')
        .replaceAll('/iomesh\n', '/core\n'),
    );
    expect(findings(texts, { managementCluster: { namespace: 'storage-admin', name: 'core' } })).toEqual([]);
  });

  it('version 1.2, with an edition instead of tags and without connection ConfigMaps', () => {
    const texts = ALL.filter((text) => !text.includes('kind: ConfigMap')).map((text) =>
      text
        .replace(TAGS, '')
        .replace(/ +clusterConnection: .*\n/, '')
        .replace('  diskDeploymentMode:', '  edition: enterprise\n  platform: ""\n  diskDeploymentMode:'),
    );
    expect(texts.join('')).toContain('edition: enterprise');
    expect(findings(texts, { iomeshVersion: '1.2' })).toEqual([]);
  });

  it('another cluster domain', () => {
    const texts = ALL.map((text) => text.replaceAll('svc.cluster.local', 'svc.k8s.example.com'));
    expect(findings(texts, { clusterDomain: 'k8s.example.com' })).toEqual([]);
  });

  it('a set next to other objects of every kind', () => {
    const others = [
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kafka, namespace: streams}\ndata: {clusterId: abc}\n',
      'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: fast}\nprovisioner: example.com/disk\nparameters: {type: ssd}\n',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data, namespace: streams}\nspec: {storageClassName: fast, accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}\n',
      'apiVersion: zookeeper.pravega.io/v1beta1\nkind: ZookeeperCluster\nmetadata: {name: kafka-zookeeper, namespace: streams}\nspec: {replicas: 1, image: {repository: pravega/zookeeper}}\n',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {unknown: {any: thing}}\n',
    ];
    expect(findings([...ALL, ...others])).toEqual([]);
  });
});

describe('a world of 40 clusters', () => {
  const clusters = [1, ...Array.from({ length: 39 }, (_, index) => index + 2)];
  const texts = [...ALL, ...clusters.slice(1).flatMap(pool)];

  it('has no findings when it is correct', () => {
    expect(texts.length).toBeGreaterThan(190);
    expect(findings(texts)).toEqual([]);
  });

  it('has each error once, in any order of the files', () => {
    const broken = texts.map((text) => {
      if (/name: iomesh-cluster-(5|15|25)\n {2}namespace/.test(text) && text.includes('kind: IOMeshCluster'))
        return text.replaceAll('dataCIDR: 10.234', 'dataCIDR: 10.999');
      if (text.includes('name: iomesh-cluster-7-csi')) return text.replace('k8s-cluster', 'another');
      // A node of cluster 20 in cluster 30: one conflict, seen from three components.
      if (text.includes('kind: IOMeshCluster') && text.includes('name: iomesh-cluster-30\n'))
        return text.replaceAll('k8s-worker-90', 'k8s-worker-60');
      return text;
    });
    const found = findings(broken).sort();
    const codes = found.map((each) => each.slice(0, 6));
    expect(codes.filter((code) => code === 'IOM101')).toHaveLength(1);
    expect(codes.filter((code) => code === 'IOM201')).toHaveLength(1);
    expect(codes.filter((code) => code === 'IOM304')).toHaveLength(6);
    // ZooKeeper of cluster 30 was not moved: one finding.
    expect(codes.filter((code) => code === 'IOM105')).toHaveLength(1);
    expect(codes).toHaveLength(9);
    expect(findings([...broken].reverse()).sort()).toEqual(found);
  });
});
