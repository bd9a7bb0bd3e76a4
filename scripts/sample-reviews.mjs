/** The sample reviews of `npm start`, made from the example. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

const EXAMPLES = join(import.meta.dirname, '../examples/two-clusters');
const read = (name) => load(readFileSync(join(EXAMPLES, name), 'utf8'));
const copy = (value) => structuredClone(value);

const RESOURCES = {
  IOMeshCluster: ['iomesh.com', 'v1alpha1', 'iomeshclusters'],
  ConfigMap: ['', 'v1', 'configmaps'],
};

/** The AdmissionReview that an apiserver sends for an operation. */
export function reviewOf(operation, object, oldObject) {
  const subject = object ?? oldObject;
  const [group, version, resource] = RESOURCES[subject.kind];
  const kind = { group, version, kind: subject.kind };
  const plural = { group, version, resource };
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: randomUUID(),
      kind,
      resource: plural,
      requestKind: kind,
      requestResource: plural,
      name: subject.metadata.name,
      namespace: subject.metadata.namespace,
      operation,
      userInfo: { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] },
      object: object ?? null,
      oldObject: oldObject ?? null,
      dryRun: false,
      options: null,
    },
  };
}

/** A third cluster next to the two of the example, on its own nodes. */
function newPool() {
  const text = readFileSync(join(EXAMPLES, 'cluster-1/iomesh.yaml'), 'utf8');
  const nodes = {
    'k8s-worker-3': 'k8s-worker-6',
    'k8s-worker-4': 'k8s-worker-7',
    'k8s-worker-5': 'k8s-worker-8',
  };
  return load(
    text.replaceAll('iomesh-cluster-1', 'iomesh-cluster-2').replace(/k8s-worker-\d/g, (node) => nodes[node]),
  );
}

/** The reviews, the path of their webhook, and the expected result. */
export function samples() {
  const overlapping = newPool();
  for (const component of ['meta', 'chunk', 'redirector']) {
    const [term] =
      overlapping.spec[component].podPolicy.affinity.nodeAffinity
        .requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms;
    term.matchExpressions[0].values[0] = 'k8s-worker-2';
  }
  const connection = read('cluster-1/connection.yaml');
  const strange = copy(connection);
  strange.data.clusterId = 'another-cluster';
  const running = read('cluster-1/iomesh.yaml');
  const upgraded = copy(running);
  for (const component of ['meta', 'chunk', 'redirector'])
    upgraded.spec[component].image.tag = 'v5.4.0-rc1-enterprise';
  const unplaced = newPool();
  delete unplaced.spec.meta.podPolicy;
  delete unplaced.spec.redirector.podPolicy;

  return [
    {
      title: 'a pool whose nodes overlap with the management cluster',
      command: 'kubectl apply -f pool.yaml',
      path: '/validate',
      review: reviewOf('CREATE', overlapping),
      expect: { allowed: false, code: 'IOM101' },
    },
    {
      title: 'a connection ConfigMap with a clusterId of its own',
      command: 'kubectl apply -f connection.yaml',
      path: '/validate',
      review: reviewOf('UPDATE', strange, connection),
      expect: { allowed: false, code: 'IOM201' },
    },
    {
      title: 'a pool upgraded before the management cluster',
      command: 'kubectl apply -f iomesh.yaml',
      path: '/validate',
      review: reviewOf('UPDATE', upgraded, running),
      expect: { allowed: false, code: 'IOM401' },
    },
    {
      title: 'a pool that leaves out the affinity of meta and redirector',
      command: 'kubectl apply -f pool.yaml',
      path: '/mutate',
      review: reviewOf('CREATE', unplaced),
      expect: { allowed: true, patches: ['/spec/meta/podPolicy', '/spec/redirector/podPolicy'] },
    },
    {
      title: 'a correct pool',
      command: 'kubectl apply -f pool.yaml',
      path: '/validate',
      review: reviewOf('CREATE', newPool()),
      expect: { allowed: true },
    },
  ];
}
