import type { Api } from './api.ts';
import type { ConnectOptions } from './client/connect.ts';

/**
 * A way to talk to the cluster that kubectl would choose, or the one named. The client is loaded only
 * now. Rejects with a UsageError where the kubeconfig is missing or no good.
 */
export async function connect(options: ConnectOptions): Promise<Api> {
  const client = await import('./client/connect.ts');
  return client.connect(options);
}
