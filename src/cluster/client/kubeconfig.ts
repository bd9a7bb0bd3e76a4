import { dirname } from 'node:path';
import { describeError } from '../../system-error.ts';
import { type Cluster, type DispatcherOptions, KubeConfig } from '@kubernetes/client-node';
import { suggest } from '../../core/base/suggest.ts';
import { readWholeFile } from '../../read-file.ts';
import { UsageError } from '../../usage-error.ts';

/** Selects a cluster and a user. */
export interface ConnectOptions {
  /** A kubeconfig file; default $KUBECONFIG, else ~/.kube/config, else the pod's ServiceAccount. */
  readonly kubeconfig?: string | undefined;
  /** A context of the kubeconfig; default the current one. */
  readonly context?: string | undefined;
}

/** The library's KubeConfig, but with its own connection pool also without a CA in the kubeconfig. */
export class ClientConfig extends KubeConfig {
  override createDispatcherOptions(
    ...args: Parameters<KubeConfig['createDispatcherOptions']>
  ): DispatcherOptions {
    const options = super.createDispatcherOptions(...args);
    return options.type === 'none' ? { type: 'agent', connect: { keepAlive: true } } : options;
  }
}

/**
 * The configuration that kubectl would use: the given file, else $KUBECONFIG, else ~/.kube/config, else the
 * ServiceAccount of the pod. Throws a UsageError if it is missing or invalid.
 */
export function loadKubeconfig({ kubeconfig, context }: ConnectOptions): {
  config: ClientConfig;
  cluster: Cluster;
} {
  const config = new ClientConfig();
  const where = kubeconfig ?? (process.env['KUBECONFIG'] || '~/.kube/config');
  const hint = 'set --kubeconfig FILE';
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else {
      config.loadFromString(readWholeFile(kubeconfig).toString());
      config.makePathsAbsolute(dirname(kubeconfig));
    }
  } catch (error) {
    throw new UsageError(`cannot use the kubeconfig ${where}: ${text(error)}`, hint);
  }
  // The fallback of the library, which is never intended:
  // https://github.com/kubernetes-client/javascript/blob/main/src/config.ts (loadFromDefault).
  if (kubeconfig === undefined && config.getCurrentCluster()?.server === 'http://localhost:8080')
    throw new UsageError('no kubeconfig found, and not running in a pod with a ServiceAccount', hint);
  if (context !== undefined) choose(config, context, where);
  const current = config.getCurrentContext();
  const cluster = current ? config.getCurrentCluster() : null;
  if (cluster === null || !cluster.server)
    throw new UsageError(
      current
        ? `context ${JSON.stringify(current)} of ${where} has no cluster`
        : `${where} has no current context`,
      'set --context NAME',
    );
  return { config, cluster };
}

function choose(config: KubeConfig, context: string, where: string): void {
  const names = (config.getContexts() ?? []).map((each) => each.name);
  if (!names.includes(context)) {
    const near = suggest(context, names);
    throw new UsageError(
      `${where} has no context ${JSON.stringify(context)}${near === undefined ? '' : `; did you mean ${near}?`}`,
      names.length === 0 ? undefined : `contexts: ${names.slice(0, 20).join(', ')}`,
    );
  }
  config.setCurrentContext(context);
}

function text(error: unknown): string {
  return describeError(error).split('\n')[0] ?? '';
}
