import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';

export const DEPLOY = join(import.meta.dirname, '../../deploy');
export const CHART = join(DEPLOY, 'helm/iomesh-guard');
export const NAMESPACE = 'iomesh-guard-system';

/** An object in a manifest, of any kind. */
// biome-ignore lint/suspicious/noExplicitAny: see above.
export type Manifest = Record<string, any>;

/** The objects in a text with several documents. */
export function parse(text: string): Manifest[] {
  return loadAll(text).filter((each) => each !== null && each !== undefined) as Manifest[];
}

/** The manifests of the kustomize tree, by the path of their file. */
export function written(): ReadonlyMap<string, readonly Manifest[]> {
  const root = join(DEPLOY, 'kustomize');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((each) =>
    each.endsWith('.yaml'),
  );
  return new Map(files.map((each) => [each, parse(readFileSync(join(root, each), 'utf8'))] as const));
}

/** The object of a kind and name. */
export function one(objects: readonly Manifest[], kind: string, name = 'iomesh-guard'): Manifest {
  const found = objects.filter((each) => each['kind'] === kind && each['metadata']?.name === name);
  if (found.length !== 1) throw new Error(`${found.length} objects are ${kind} ${name}`);
  return found[0]!;
}

/** The pod template of the Deployment. */
export function podOf(objects: readonly Manifest[]): Manifest {
  return one(objects, 'Deployment')['spec'].template.spec;
}

const WEBHOOKS = {
  validate: 'validate',
  connections: 'validate-connections',
  classes: 'validate-classes',
  scale: 'validate-scale',
  namespaces: 'validate-namespaces',
  definitions: 'validate-definitions',
  mutate: 'mutate',
  mutateConnections: 'mutate-connections',
  mutateClasses: 'mutate-classes',
} as const;

/** The webhooks of both configurations. */
export function webhooksOf(objects: readonly Manifest[]): Record<keyof typeof WEBHOOKS, Manifest> {
  const all = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].flatMap(
    (kind) => one(objects, kind)['webhooks'] as Manifest[],
  );
  const found = Object.entries(WEBHOOKS).map(([key, name]) => {
    const webhook = all.find((each) => each['name'] === `${name}.iomesh-guard.io`);
    if (webhook === undefined) throw new Error(`no webhook is named ${name}.iomesh-guard.io`);
    return [key, webhook] as const;
  });
  if (found.length !== all.length) throw new Error(`there are ${all.length} webhooks`);
  return Object.fromEntries(found) as Record<keyof typeof WEBHOOKS, Manifest>;
}
