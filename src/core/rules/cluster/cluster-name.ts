import { clusterOf } from '../../iomesh/cluster.ts';
import type { Rule } from '../../rule.ts';
import { clusterNameError, DERIVED_NAMES, MAX_CLUSTER_NAME } from '../../iomesh/cluster-name.ts';

/** IOM704: a cluster's name from which no Service can be named. */
export const clusterName: Rule = {
  code: 'IOM704',
  name: 'cluster-name',
  severity: { lint: 'error', admission: 'deny' },
  kinds: ['IOMeshCluster'],
  doc: {
    summary: `The name of an IOMeshCluster is not a DNS-1035 label, or has more than ${MAX_CLUSTER_NAME} characters.`,
    why: `The operators name Services and StatefulSets after the cluster. The name of a Service is a DNS-1035 label: lower-case letters,
digits and hyphens, beginning with a letter, at most 63 characters. The name of a StatefulSet may have 52, because its pods carry it with a hash
of up to eleven in a label of at most 63. The API accepts dots, leading digits and far longer names for the cluster itself; the operator then fails
to create what it needs, and nothing but its log says so.`,
    bad: `kind: IOMeshCluster
metadata:
  name: iomesh.cluster.1`,
    good: `kind: IOMeshCluster
metadata:
  name: iomesh-cluster-1`,
    remedy: `Choose another name; an object cannot be renamed once it is there. The limit follows from the longest derived name:
${DERIVED_NAMES.map(({ suffix, kind, most }) => `\`<name>${suffix}\` (${kind}, ${most}): ${most - suffix.length}`).join('; ')}.`,
    basis: `api: the CRD accepts dots and 60 characters, and Kubernetes the lengths named here. guide: \`<name>-meta-client\` and the chunk pods.
vendor: the ZooKeeper operator's public source names a StatefulSet after its cluster and makes a Service \`…-admin-server\`. inferred: IOMesh ships
that operator with this Service, and links a ZookeeperCluster by the name \`<name>-zookeeper\`.`,
  },
  check({ ref }, _world, report) {
    if (clusterOf(ref) === undefined || ref.name === '') return;
    const wrong = clusterNameError(ref.name);
    if (wrong !== undefined) report({ path: ['metadata', 'name'], ...wrong });
  },
};
