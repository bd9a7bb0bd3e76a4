import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { load } from 'js-yaml';
import { DEPLOY, type Manifest, one, parse } from '../../deploy/objects.ts';
import { type Cluster, expectOk } from './cluster.ts';
import { hasAdmissionPolicies, hasMatchConditions, type Kubernetes, minorOf } from './kubernetes.ts';
import { canListen } from './loopback.ts';

/** The flag that a webhook with {@link RenderOptions.fixedPaths} does not have. */
export const PATH_SECRET = '--path-secret';

export interface RenderOptions {
  /** A folder in deploy/kustomize; default: the base. */
  readonly folder?: string;
  /** The caBundle in PEM; default: none. */
  readonly bundle?: string;
  /** Paths that are not secret, for a webhook that does not set them; default: none. */
  readonly fixedPaths?: boolean;
  /** Whether the webhooks have matchConditions; default: if the release evaluates them. */
  readonly conditions?: boolean;
  /** Components of deploy/kustomize/components. */
  readonly components?: readonly string[];
}

/** Builds a folder of deploy/kustomize, with an address for the Service. */
export async function render(
  cluster: Cluster,
  { folder = 'base', bundle, fixedPaths = false, conditions, components = [] }: RenderOptions = {},
): Promise<Manifest[]> {
  const built = await cluster.kubectl(['kustomize', overlay(cluster, folder, components, conditions)]);
  expectOk(built);
  const objects = parse(built.stdout);
  const clusterIP = cluster.plane.block.address(10);
  one(objects, 'Service')['spec'].clusterIP = clusterIP;
  // If this process may not listen on 443, the Service has the port of the container.
  const port = (await canListen(clusterIP, 443)) ? 443 : 8443;
  one(objects, 'Service')['spec'].ports[0].port = port;
  for (const registration of objects.filter(isWebhookConfiguration))
    for (const { clientConfig } of registration['webhooks']) {
      if (bundle !== undefined) clientConfig.caBundle = Buffer.from(bundle).toString('base64');
      clientConfig.service.port = port;
      if (fixedPaths)
        clientConfig.service.path = registration['kind'].startsWith('Mutating') ? '/mutate' : '/validate';
    }
  return objects;
}

/** The folder to build, with the component for the release of the cluster. */
function overlay(
  cluster: Cluster,
  folder: string,
  components: readonly string[],
  conditions?: boolean,
): string {
  const whole = join(DEPLOY, 'kustomize', folder);
  const { kubernetes, dir } = cluster.plane;
  const component = componentOf(kubernetes, conditions);
  const names = component === undefined ? components : [...components, component];
  if (names.length === 0) return whole;
  mkdirSync(dir, { recursive: true });
  const made = mkdtempSync(join(dir, 'overlay-'));
  const kustomization = {
    resources: [relative(made, whole)],
    components: names.map((name) => relative(made, join(DEPLOY, 'kustomize/components', name))),
  };
  writeFileSync(join(made, 'kustomization.yaml'), JSON.stringify(kustomization));
  return made;
}

/** Commands of a guide, with the directories that it names for the release. */
export function forRelease(kubernetes: Pick<Kubernetes, 'release'>, commands: string): string {
  const component = componentOf(kubernetes);
  if (component === undefined) return commands;
  return commands
    .replaceAll('-k deploy/kustomize/base', `-k deploy/kustomize/overlays/${component}`)
    .replaceAll(/(-k deploy\/kustomize\/overlays\/)(warn-only|cert-manager)/g, `$1$2-${component}`);
}

/** The line of the component for the release in a kustomization; empty if it needs none. */
export function componentForRelease(kubernetes: Pick<Kubernetes, 'release'>, path: string): string {
  const component = componentOf(kubernetes);
  return component === undefined ? '' : `  - ${path}/deploy/kustomize/components/${component}\n`;
}

/** The component for the release; `conditions` are those that the manifests must have. */
function componentOf(
  kubernetes: Pick<Kubernetes, 'release'>,
  conditions = hasMatchConditions(kubernetes),
): string | undefined {
  if (!conditions) return minorOf(kubernetes) < 23 ? 'kubernetes-1.21' : 'kubernetes-1.23';
  return hasAdmissionPolicies(kubernetes) ? undefined : 'kubernetes-1.28';
}

/** True for a webhook configuration. */
export function isWebhookConfiguration(object: Manifest): boolean {
  return object['kind'].endsWith('WebhookConfiguration');
}

/** The configuration in the manifests. */
export function configurationOf(objects: readonly Manifest[]): object {
  const found = objects.find(
    ({ kind, metadata }) => kind === 'ConfigMap' && /^iomesh-guard-config/.test(metadata.name),
  );
  return load(found?.['data']['iomesh-guard.yaml'] ?? '') as object;
}

/** The arguments of the container, with local files in place of mounted ones. */
export function argumentsOf(
  objects: readonly Manifest[],
  mounts: Readonly<Record<string, string>>,
): string[] {
  const [container] = one(objects, 'Deployment')['spec'].template.spec.containers;
  return (container.args as string[]).map((each) => {
    const [flag = '', path] = each.split('=');
    if (path?.startsWith('/') !== true) return each;
    if (mounts[flag] === undefined) throw new Error(`no file for ${each}`);
    return `${flag}=${mounts[flag]}`;
  });
}
