/** The hostnames that IOMeshClusters list: what the peers of the webhook compare. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';

const COMPONENTS = ['meta', 'chunk', 'redirector'];

/** The name of an IOMeshCluster for the peers. */
export const clusterName = ({ metadata }) => `${metadata.namespace}/${metadata.name}`;

/** The hostnames that the required node affinity of a cluster's components lists. */
export function listedHostnames({ spec }) {
  const names = COMPONENTS.flatMap(
    (component) =>
      spec[component]?.podPolicy?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
        ?.nodeSelectorTerms ?? [],
  )
    .flatMap(({ matchExpressions = [] }) => matchExpressions)
    .filter(({ key, operator }) => key === 'kubernetes.io/hostname' && operator === 'In')
    .flatMap(({ values }) => values);
  return [...new Set(names)];
}

/** The IOMeshClusters in a folder of manifests. */
export function clustersIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => loadAll(readFileSync(join(folder, name), 'utf8')))
    .filter(({ kind }) => kind === 'IOMeshCluster');
}
