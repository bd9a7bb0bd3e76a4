import { Agent, request } from 'node:https';
import type { KeyPair } from './pki.ts';
import type { Webhook } from './webhook.ts';

/** The response to a review. */
export interface ReviewAnswer {
  readonly status: number;
  readonly body: string;
}

/** Sends a request to the webhook as any other client than the apiserver. Rejects if the connection fails. */
export function post(
  { host, port, authority }: Webhook,
  path: string,
  body: string,
  identity?: KeyPair,
): Promise<ReviewAnswer> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        ...{ method: 'POST', host, port, path, ca: authority.cert, ...identity },
        servername: 'iomesh-guard.iomesh-guard-system.svc',
        headers: { 'content-type': 'application/json' },
        agent: new Agent({ keepAlive: false }),
        signal: AbortSignal.timeout(90_000),
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.once('error', reject);
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    call.once('error', reject);
    call.end(body);
  });
}

/** The review that an apiserver sends for the creation of an object. */
export function reviewOf(
  object: { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } },
  resource: string,
): { request: Record<string, unknown>; [field: string]: unknown } {
  const [version, group = ''] = object.apiVersion.split('/').reverse() as [string, string?];
  const { name, namespace } = object.metadata;
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      kind: { group, version, kind: object.kind },
      resource: { group, version, resource },
      requestKind: { group, version, kind: object.kind },
      requestResource: { group, version, resource },
      name,
      ...(namespace === undefined ? {} : { namespace }),
      operation: 'CREATE',
      userInfo: { username: 'admin' },
      object,
      oldObject: null,
      dryRun: false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
    },
  };
}
