import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metaAddrOf } from '../../../../src/core/iomesh/connection.ts';
import { clusterOfValidAddress, readMetaAddr } from '../../../../src/core/iomesh/meta-address.ts';
import { runsOf } from '../../../support/runs.ts';

const RIGHT = 'iomesh-meta-client.iomesh-system.svc.cluster.local:10100';
const DOMAIN = 'cluster.local';

function faults(address: string, domain = DOMAIN): string[] {
  return readMetaAddr(address, domain).errors.map((each) => each.text);
}

describe('readMetaAddr', () => {
  it('reads the name and namespace of the cluster', () => {
    const reading = readMetaAddr(RIGHT, DOMAIN);
    expect(reading.errors).toEqual([]);
    expect(clusterOfValidAddress(reading)).toEqual({ name: 'iomesh', namespace: 'iomesh-system' });
  });

  it.each([
    [`${RIGHT}.`, ['it has a trailing full stop']],
    ['iomesh-meta-client.iomesh-system.svc.cluster.local.:10100', ['it has a trailing full stop']],
    ['iomesh-meta-client.iomesh-system.svc.cluster.local', ['the port ":10100" is missing']],
    ['iomesh-meta-client.iomesh-system.svc.cluster.local:', ['the port ":10100" is missing']],
    ['iomesh-meta-client.iomesh-system.svc.cluster.local:10206', ['the port is "10206", not 10100']],
    [
      'iomesh-meta.iomesh-system.svc.cluster.local:10100',
      ['the service is "iomesh-meta", not "<cluster>-meta-client"'],
    ],
    [
      '-meta-client.iomesh-system.svc.cluster.local:10100',
      ['the service is "-meta-client", not "<cluster>-meta-client"'],
    ],
    ['iomesh-meta-client.iomesh-system.cluster.local:10100', ['".svc" is missing after the namespace']],
    ['iomesh-meta-client.svc.cluster.local:10100', ['the namespace is missing']],
    ['iomesh-meta-client.a.b.svc.cluster.local:10100', ['"a.b" is not a namespace']],
    ['iomesh-meta-client.iomesh-system.svc:10100', ['the cluster domain ".cluster.local" is missing']],
    [
      'iomesh-meta-client.iomesh-system.svc.k8s.example:10100',
      ['the cluster domain is "k8s.example", not "cluster.local"'],
    ],
    [`http://${RIGHT}`, ['it starts with "http://"']],
    [`${RIGHT}/api`, ['it has a path after "/"']],
    ['IOMesh-meta-client.iomesh-system.svc.cluster.local:10100', ['it contains upper-case letters']],
    [` ${RIGHT}`, ['it contains white space']],
    ['10.234.1.5:10100', ['it is an IP address, not a name']],
    [`${RIGHT},${RIGHT}`, ['it contains more than one ":"']],
    ['x'.repeat(100_000), ['it is 100000 characters long']],
  ])('says what is wrong with %s', (address, expected) => {
    expect(faults(address)).toEqual(expected);
  });

  it('says all that is wrong at once, and still knows the cluster', () => {
    const reading = readMetaAddr('http://iomesh-meta.iomesh-system:3260.', DOMAIN);
    expect(reading.errors.map((each) => each.part)).toEqual([
      'scheme',
      'full-stop',
      'port 3260',
      'service iomesh-meta',
      'svc',
      'domain',
    ]);
    expect(reading).toMatchObject({ name: 'iomesh', namespace: 'iomesh-system' });
  });

  it('goes by the cluster domain of the configuration', () => {
    expect(faults('iomesh-meta-client.iomesh-system.svc.k8s.example:10100', 'k8s.example')).toEqual([]);
    expect(faults(RIGHT, 'k8s.example')).toEqual([
      'the cluster domain is "cluster.local", not "k8s.example"',
    ]);
  });

  it('reads a namespace that is called "svc"', () => {
    expect(clusterOfValidAddress(readMetaAddr('a-meta-client.svc.svc.cluster.local:10100', DOMAIN))).toEqual({
      name: 'a',
      namespace: 'svc',
    });
  });

  it('finds no fault in just the addresses of clusters', () => {
    const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/);
    fc.assert(
      fc.property(label, label, (name, namespace) => {
        expect(clusterOfValidAddress(readMetaAddr(metaAddrOf({ name, namespace }, DOMAIN), DOMAIN))).toEqual({
          name,
          namespace,
        });
      }),
    );
    const piece = fc.constantFrom(
      'a',
      '-meta-client',
      '.',
      'ns',
      'svc',
      'cluster',
      'local',
      ':',
      '10100',
      '/',
      ' ',
      'A',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 14 }).map((list) => list.join('')),
        ),
        (address) => {
          const target = clusterOfValidAddress(readMetaAddr(address, DOMAIN));
          if (target !== undefined) expect(address).toBe(metaAddrOf(target, DOMAIN));
        },
      ),
      { numRuns: runsOf(3000) },
    );
  });
});
