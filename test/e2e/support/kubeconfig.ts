import type { KeyPair } from './pki.ts';

export interface KubeconfigOptions {
  readonly url: string;
  readonly ca: string;
  /** A client certificate, or a bearer token. */
  readonly user: KeyPair | { readonly token: string };
  readonly namespace?: string;
}

/** The text of a kubeconfig file with one context. */
export function kubeconfig({ url, ca, user, namespace = 'default' }: KubeconfigOptions): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace } }],
    clusters: [{ name: 'test', cluster: { server: url, 'certificate-authority-data': base64(ca) } }],
    users: [
      {
        name: 'test',
        user:
          'token' in user
            ? { token: user.token }
            : { 'client-certificate-data': base64(user.cert), 'client-key-data': base64(user.key) },
      },
    ],
  });
}
