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

/** The webhooks of both configurations: for changes, for scale requests, and for defaults. */
export function webhooksOf(objects: readonly Manifest[]): Record<'validate' | 'scale' | 'mutate', Manifest> {
  const [validate, scale] = one(objects, 'ValidatingWebhookConfiguration')['webhooks'];
  return { validate, scale, mutate: one(objects, 'MutatingWebhookConfiguration')['webhooks'][0] };
}
