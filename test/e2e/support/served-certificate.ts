import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { expect } from 'vitest';
import { NAMESPACE } from '../../deploy/objects.ts';
import { type Cluster, expectOk } from './cluster.ts';
import type { Endpoint } from './service.ts';

const NAME = `iomesh-guard.${NAMESPACE}.svc`;

/** The certificate that a server presents. Rejects, as an apiserver does, if `bundle` does not contain its CA. */
export function servedBy({ host, port }: Endpoint, bundle: string): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, ca: bundle, servername: NAME }, () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      if (certificate === undefined) reject(new Error('no certificate was shown'));
      else resolve(certificate);
    });
    socket.once('error', reject);
  });
}

/** How many webhooks both configurations have. */
const WEBHOOKS = 9;

/** What all webhooks trust if they trust the same bundle. */
export function everywhere(bundle: string): string[] {
  return Array.from({ length: WEBHOOKS }, () => bundle);
}

/** What each webhook of both configurations trusts, in PEM. */
export async function bundles(cluster: Cluster): Promise<string[]> {
  const found: string[] = [];
  for (const kind of ['validatingwebhookconfiguration', 'mutatingwebhookconfiguration'])
    for (const { clientConfig } of (await cluster.expectStored(kind, 'iomesh-guard'))['webhooks'])
      found.push(Buffer.from(clientConfig.caBundle ?? '', 'base64').toString('utf8'));
  return found;
}

/** The distinct paths of the webhooks of both configurations. */
export async function pathsOf(cluster: Cluster): Promise<string[]> {
  const found = new Set<string>();
  for (const kind of ['validatingwebhookconfiguration', 'mutatingwebhookconfiguration'])
    for (const { clientConfig } of (await cluster.expectStored(kind, 'iomesh-guard'))['webhooks'])
      found.add(clientConfig.service.path ?? '');
  return [...found];
}

/** Makes each webhook of both configurations trust a bundle, in PEM: what cert-manager's injector does. */
export async function trust(cluster: Cluster, bundle: string): Promise<void> {
  const value = Buffer.from(bundle).toString('base64');
  for (const kind of ['validatingwebhookconfiguration', 'mutatingwebhookconfiguration']) {
    const webhooks: readonly unknown[] = (await cluster.expectStored(kind, 'iomesh-guard'))['webhooks'];
    const patch = webhooks.map((_, at) => ({
      op: 'add',
      path: `/webhooks/${at}/clientConfig/caBundle`,
      value,
    }));
    const how = ['--type=json', '-p', JSON.stringify(patch)];
    expectOk(await cluster.kubectl(['patch', kind, 'iomesh-guard', ...how]));
  }
  expect(await bundles(cluster)).toEqual(everywhere(bundle));
}

/** The certificates of a bundle, one by one. */
export function certificatesIn(bundle: string): X509Certificate[] {
  const blocks = bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((each) => new X509Certificate(each));
}
