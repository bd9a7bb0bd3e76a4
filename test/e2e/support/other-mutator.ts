import { createServer } from 'node:https';
import { expect } from 'vitest';
import type { Manifest } from '../../deploy/objects.ts';
import { expectOk } from './cluster.ts';
import { freePorts } from './loopback.ts';
import { Authority } from './pki.ts';
import type { Installation } from './installation.ts';

const NAME = 'zz-other';

export interface OtherMutator {
  /** The number of calls. */
  readonly calls: number;
  remove(): Promise<void>;
}

/**
 * Registers another mutating webhook that is called after this one, so that the apiserver calls this one
 * again after a change. `change` returns a JSON patch for an object.
 */
export async function addMutator(
  { cluster, plane }: Installation,
  change: (object: Manifest) => readonly object[],
  reinvocationPolicy: 'Never' | 'IfNeeded',
): Promise<OtherMutator> {
  const host = plane.block.address(11);
  const [port] = await freePorts(host, 1);
  const authority = await Authority.make('another webhook');
  let calls = 0;
  const server = createServer(
    await authority.issue({ name: NAME, addresses: [host] }),
    (request, response) => {
      let text = '';
      request.on('data', (part) => {
        text += part;
      });
      request.on('end', () => {
        calls += 1;
        const { uid, object } = JSON.parse(text).request;
        const patch = Buffer.from(JSON.stringify(change(object))).toString('base64');
        response.setHeader('content-type', 'application/json');
        const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' };
        response.end(
          JSON.stringify({ ...review, response: { uid, allowed: true, patchType: 'JSONPatch', patch } }),
        );
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const rule = { apiGroups: ['iomesh.com'], apiVersions: ['v1alpha1'], resources: ['iomeshclusters'] };
  expectOk(
    await cluster.apply({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: NAME },
      webhooks: [
        {
          name: 'other.example.com',
          admissionReviewVersions: ['v1'],
          clientConfig: {
            url: `https://${host}:${port}/`,
            caBundle: Buffer.from(authority.cert).toString('base64'),
          },
          rules: [{ ...rule, operations: ['CREATE', 'UPDATE'] }],
          sideEffects: 'None',
          failurePolicy: 'Fail',
          reinvocationPolicy,
        },
      ],
    }),
  );
  return {
    get calls() {
      return calls;
    },
    async remove() {
      expectOk(await cluster.delete('mutatingwebhookconfiguration', NAME));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      expect(calls).toBeGreaterThan(0);
    },
  };
}
