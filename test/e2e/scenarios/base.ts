import { join } from 'node:path';
import { load } from 'js-yaml';
import { DEPLOY, type Manifest, one, parse } from '../../deploy/objects.ts';
import { type Cluster, expectOk } from '../support/cluster.ts';
import { canListen } from '../support/loopback.ts';
import type { Authority } from '../support/pki.ts';

/** deploy/kustomize/base with an address for the Service, and with the CA that its certificates would be made by. */
export async function render(cluster: Cluster, authority: Authority): Promise<Manifest[]> {
  const built = await cluster.kubectl(['kustomize', join(DEPLOY, 'kustomize/base')]);
  expectOk(built);
  const objects = parse(built.stdout);
  const clusterIP = cluster.plane.block.address(10);
  one(objects, 'Service')['spec'].clusterIP = clusterIP;
  const caBundle = Buffer.from(authority.cert).toString('base64');
  // Where this process may not listen on 443, the Service's port is that of the container.
  const port = (await canListen(clusterIP, 443)) ? 443 : 8443;
  one(objects, 'Service')['spec'].ports[0].port = port;
  for (const registration of objects.filter(isRegistration))
    for (const { clientConfig } of registration['webhooks']) {
      clientConfig.caBundle = caBundle;
      clientConfig.service.port = port;
    }
  return objects;
}

/** A registration of our webhooks. */
export function isRegistration(object: Manifest): boolean {
  return object['kind'].endsWith('WebhookConfiguration');
}

/** What the configuration of the manifests says. */
export function configurationOf(objects: readonly Manifest[]): object {
  const found = objects.find(
    ({ kind, metadata }) => kind === 'ConfigMap' && /^iomesh-guard-config/.test(metadata.name),
  );
  return load(found?.['data']['iomesh-guard.yaml'] ?? '') as object;
}
