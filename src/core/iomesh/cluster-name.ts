import { quoted } from '../base/text.ts';

/** What the operators make of the cluster's name, and how long a name of that kind may be. The tightest comes last. */
export const DERIVED_NAMES = [
  { suffix: '-meta-client', kind: 'Service', most: 63 },
  { suffix: '-chunk', kind: 'StatefulSet', most: 52 },
  { suffix: '-zookeeper', kind: 'StatefulSet', most: 52 },
  { suffix: '-zookeeper-admin-server', kind: 'Service', most: 63 },
] as const;
const TIGHTEST = DERIVED_NAMES[3];
/** The longest name of a cluster: 40 characters. */
export const MAX_CLUSTER_NAME = TIGHTEST.most - TIGHTEST.suffix.length;

const LABEL = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;

/** What is wrong with a name for an IOMesh cluster, and the way out; undefined for a good one. */
export function clusterNameError(
  name: string,
): { readonly message: string; readonly help: string } | undefined {
  const fault = faultOf(name);
  if (fault !== undefined)
    return {
      message: `${quoted(name)} cannot be the beginning of a Service's name: ${fault}`,
      help: `choose a name like ${quoted(proposal(name))}: lower-case letters, digits and hyphens, a letter first, at most ${MAX_CLUSTER_NAME} characters`,
    };
  if (name.length <= MAX_CLUSTER_NAME) return undefined;
  return {
    message: `${quoted(name)} has ${name.length} characters; Service "<name>${TIGHTEST.suffix}" would have ${name.length + TIGHTEST.suffix.length}, and ${TIGHTEST.most} are allowed`,
    help: `choose a name of at most ${MAX_CLUSTER_NAME} characters, such as ${quoted(proposal(name))}`,
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
  return led.slice(0, MAX_CLUSTER_NAME).replace(/-+$/, '');
}
