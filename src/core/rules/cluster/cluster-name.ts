import { clusterOf } from '../../cluster.ts';
import type { Rule } from '../../rule.ts';
import { quoted } from '../../base/text.ts';

/** What the operators make of the cluster's name, and how long a name of that kind may be. The tightest comes last. */
const DERIVED = [
  { suffix: '-meta-client', kind: 'Service', most: 63 },
  { suffix: '-chunk', kind: 'StatefulSet', most: 52 },
  { suffix: '-zookeeper', kind: 'StatefulSet', most: 52 },
  { suffix: '-zookeeper-admin-server', kind: 'Service', most: 63 },
] as const;
const TIGHTEST = DERIVED[3];
/** 40 characters. */
const LONGEST = TIGHTEST.most - TIGHTEST.suffix.length;

const LABEL = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;

/** IOM704: a cluster's name from which no Service can be named. */
export const clusterName: Rule = {
  code: 'IOM704',
  name: 'cluster-name',
  severity: { lint: 'error', admission: 'deny' },
  kinds: ['IOMeshCluster'],
  doc: {
    summary: `The name of an IOMeshCluster is not a DNS-1035 label, or has more than ${LONGEST} characters.`,
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
${DERIVED.map(({ suffix, kind, most }) => `\`<name>${suffix}\` (${kind}, ${most}): ${most - suffix.length}`).join('; ')}.`,
    basis: `api: the CRD accepts dots and 60 characters, and Kubernetes the lengths named here. guide: \`<name>-meta-client\` and the chunk pods.
vendor: the ZooKeeper operator's public source names a StatefulSet after its cluster and makes a Service \`…-admin-server\`. inferred: IOMesh ships
that operator with this Service, and links a ZookeeperCluster by the name \`<name>-zookeeper\`.`,
  },
  check({ ref }, _world, report) {
    if (clusterOf(ref) === undefined || ref.name === '') return;
    const wrong = wrongName(ref.name);
    if (wrong !== undefined) report({ path: ['metadata', 'name'], ...wrong });
  },
};

/** What is wrong with a name for an IOMesh cluster, and the way out; undefined for a good one. */
export function wrongName(name: string): { readonly message: string; readonly help: string } | undefined {
  const fault = faultOf(name);
  if (fault !== undefined)
    return {
      message: `${quoted(name)} cannot be the beginning of a Service's name: ${fault}`,
      help: `choose a name like ${quoted(proposal(name))}: lower-case letters, digits and hyphens, a letter first, at most ${LONGEST} characters`,
    };
  if (name.length <= LONGEST) return undefined;
  return {
    message: `${quoted(name)} has ${name.length} characters; Service "<name>${TIGHTEST.suffix}" would have ${name.length + TIGHTEST.suffix.length}, and ${TIGHTEST.most} are allowed`,
    help: `choose a name of at most ${LONGEST} characters, such as ${quoted(proposal(name))}`,
  };
}

function faultOf(name: string): string | undefined {
  if (LABEL.test(name)) return undefined;
  if (name.includes('.')) return 'it holds a dot';
  if (/[A-Z]/.test(name)) return 'it holds a capital letter';
  if (/^[0-9]/.test(name)) return 'it begins with a digit';
  return /^-|-$/.test(name) ? 'it begins or ends with a hyphen' : 'it holds a character that is not allowed';
}

/** The nearest name that is one. */
function proposal(name: string): string {
  const plain = name
    .slice(0, 253)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '');
  const led = /^[a-z]/.test(plain) ? plain : `iomesh-${plain}`;
  return led.slice(0, LONGEST).replace(/-+$/, '');
}
