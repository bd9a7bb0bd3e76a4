import { quoted } from '../base/text.ts';

/**
 * The names that the operators derive from the name of a cluster, with the longest name of that kind. The
 * last one limits the cluster's name most.
 */
export const DERIVED_NAMES = [
  { suffix: '-meta-client', kind: 'Service', most: 63 },
  { suffix: '-chunk', kind: 'StatefulSet', most: 52 },
  { suffix: '-zookeeper', kind: 'StatefulSet', most: 52 },
  { suffix: '-zookeeper-admin-server', kind: 'Service', most: 63 },
] as const;
const LONGEST_DERIVED = DERIVED_NAMES[3];
/** The longest name of a cluster: 40 characters. */
export const MAX_CLUSTER_NAME = LONGEST_DERIVED.most - LONGEST_DERIVED.suffix.length;

const LABEL = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;

/** The error of a cluster name and its help, or undefined for a valid name. */
export function clusterNameError(
  name: string,
): { readonly message: string; readonly help: string } | undefined {
  const error = labelError(name);
  if (error !== undefined)
    return {
      message: `cluster name ${quoted(name)} ${error}, but must be a DNS label because Services are named after it`,
      help: `use a name such as ${quoted(proposal(name))}: lower-case letters, digits and hyphens, starting with a letter, at most ${MAX_CLUSTER_NAME} characters`,
    };
  if (name.length <= MAX_CLUSTER_NAME) return undefined;
  return {
    message: `cluster name ${quoted(name)} has ${name.length} characters, but at most ${MAX_CLUSTER_NAME} are allowed (Service "<name>${LONGEST_DERIVED.suffix}" can have ${LONGEST_DERIVED.most})`,
    help: `use a name of at most ${MAX_CLUSTER_NAME} characters, such as ${quoted(proposal(name))}`,
  };
}

function labelError(name: string): string | undefined {
  if (LABEL.test(name)) return undefined;
  if (name.includes('.')) return 'contains a dot';
  if (/[A-Z]/.test(name)) return 'contains a capital letter';
  if (/^[0-9]/.test(name)) return 'starts with a digit';
  if (name.startsWith('-')) return 'starts with a hyphen';
  return name.endsWith('-')
    ? 'ends with a hyphen'
    : 'contains a character other than letters, digits and hyphens';
}

/** The most similar valid name. */
function proposal(name: string): string {
  const plain = name
    .slice(0, 253)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '');
  const led = /^[a-z]/.test(plain) ? plain : `iomesh-${plain}`;
  return led.slice(0, MAX_CLUSTER_NAME).replace(/-+$/, '');
}
