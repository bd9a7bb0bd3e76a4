import { describeError } from '../../system-error.ts';
import { type Cluster, type DispatcherOptions, KubeConfig } from '@kubernetes/client-node';
import { suggest } from '../../core/base/suggest.ts';
import { UsageError } from '../../usage-error.ts';

/** Which cluster, and as whom. */
export interface ConnectOptions {
  /** A kubeconfig file; default $KUBECONFIG, else ~/.kube/config, else the pod's ServiceAccount. */
  readonly kubeconfig?: string | undefined;
  /** A context of it; default the current one. */
  readonly context?: string | undefined;
}

/** As the library has it, but with a connection pool of its own also where the system's CAs are trusted. */
export class ClientConfig extends KubeConfig {
  override createDispatcherOptions(
    ...args: Parameters<KubeConfig['createDispatcherOptions']>
  ): DispatcherOptions {
    const options = super.createDispatcherOptions(...args);
    return options.type === 'none' ? { type: 'agent', connect: { keepAlive: true } } : options;
  }
}

/**
 * The configuration kubectl would use: the file named, else $KUBECONFIG, else ~/.kube/config, else the
 * ServiceAccount of the pod we run in. Throws a UsageError where there is none, or it is no good.
 */
export function loadKubeconfig({ kubeconfig, context }: ConnectOptions): {
  config: ClientConfig;
  cluster: Cluster;
} {
  const config = new ClientConfig();
  const where = kubeconfig ?? (process.env['KUBECONFIG'] || '~/.kube/config');
  const hint = 'name one with --kubeconfig FILE';
  try {
    if (kubeconfig !== undefined) config.loadFromFile(kubeconfig);
    else config.loadFromDefault();
  } catch (error) {
    throw new UsageError(`cannot use the kubeconfig ${where}: ${text(error)}`, hint);
  }
  // The library's last resort is http://localhost:8080, which nobody means.
  if (kubeconfig === undefined && config.getCurrentCluster()?.server === 'http://localhost:8080')
    throw new UsageError('there is no kubeconfig, and this is no pod with a ServiceAccount', hint);
  if (context !== undefined) choose(config, context, where);
  const current = config.getCurrentContext();
  const cluster = current ? config.getCurrentCluster() : null;
  if (cluster === null || !cluster.server)
    throw new UsageError(
      current
        ? `context ${JSON.stringify(current)} of ${where} leads to no cluster`
        : `${where} has no current context`,
      'choose one with --context NAME',
    );
  return { config, cluster };
}

function choose(config: KubeConfig, context: string, where: string): void {
  const names = (config.getContexts() ?? []).map((each) => each.name);
  if (!names.includes(context)) {
    const near = suggest(context, names);
    throw new UsageError(
      `${where} has no context ${JSON.stringify(context)}${near === undefined ? '' : `; did you mean ${near}?`}`,
      names.length === 0 ? undefined : `it has ${names.slice(0, 20).join(', ')}`,
    );
  }
  config.setCurrentContext(context);
}

function text(error: unknown): string {
  return describeError(error).split('\n')[0] ?? '';
}
