import type { Api } from './api.ts';
import type { ConnectOptions } from './client/connect.ts';

/**
 * Connects to the cluster that kubectl would choose, or to the given one. Loads the client library only
 * now. Rejects with a UsageError if the kubeconfig is missing or invalid.
 */
export async function openApi(options: ConnectOptions): Promise<Api> {
  const client = await import('./client/connect.ts');
  return client.connect(options);
}
