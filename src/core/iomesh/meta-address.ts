/** Reads a metaAddr, and finds the parts that are wrong. */
import type { ClusterId } from './cluster.ts';
import { META_PORT } from './connection.ts';
import { isDnsLabel } from '../base/names.ts';
import { quoted } from '../base/text.ts';
import type { Fix } from '../finding.ts';

export const META_ADDR = ['data', 'metaAddr'] as const;

/** The fix of a wrong address. */
export function metaAddrFix(right: string): Fix {
  return {
    safety: 'unsafe',
    description: `set data.metaAddr to "${right}"`,
    edits: [{ op: 'replace', path: META_ADDR, value: right }],
  };
}

/** The error of one part of a metaAddr. */
export interface AddressError {
  /** Evidence: the same for the same error in another address. */
  readonly part: string;
  /** The error, as it follows the address in a message. */
  readonly text: string;
}

/** The content of a metaAddr. */
export interface MetaAddress {
  /** Name and namespace of the cluster; undefined if the address does not contain them. */
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  /** Empty for a valid address. */
  readonly errors: readonly AddressError[];
}

const MAX_LENGTH = 320;
const SUFFIX = '-meta-client';

/** The cluster of a valid address. */
export function clusterOfValidAddress({ name, namespace, errors }: MetaAddress): ClusterId | undefined {
  return errors.length > 0 || name === undefined || namespace === undefined ? undefined : { name, namespace };
}

/** Reads `<cluster>-meta-client.<namespace>.svc.<cluster domain>:10100`. */
export function readMetaAddr(address: string, clusterDomain: string): MetaAddress {
  if (address.length > MAX_LENGTH) {
    const text = `it is ${address.length} characters long`;
    return { name: undefined, namespace: undefined, errors: [{ part: 'length', text }] };
  }
  const errors: AddressError[] = [];
  const host = readEnds(address, errors);
  if (/^\d+\.\d+\.\d+\.\d+$|:/.test(host)) {
    const text = host.includes(':') ? 'it contains more than one ":"' : 'it is an IP address, not a name';
    return { name: undefined, namespace: undefined, errors: [...errors, { part: 'host', text }] };
  }
  const [service = '', ...rest] = host.split('.');
  const name = readService(service, errors);
  const namespace = readZone(rest, clusterDomain, errors);
  return { name, namespace, errors };
}

/** Reads everything around the host; returns the host in lower case. */
function readEnds(address: string, errors: AddressError[]): string {
  let rest = address.replace(/\s+/g, '');
  if (rest !== address) errors.push({ part: 'space', text: 'it contains white space' });
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.exec(rest)?.[0];
  if (scheme !== undefined) {
    errors.push({ part: 'scheme', text: `it starts with ${JSON.stringify(scheme)}` });
    rest = rest.slice(scheme.length);
  }
  const slash = rest.indexOf('/');
  if (slash >= 0) {
    errors.push({ part: 'path', text: 'it has a path after "/"' });
    rest = rest.slice(0, slash);
  }
  if (rest !== rest.toLowerCase()) {
    errors.push({ part: 'case', text: 'it contains upper-case letters' });
    rest = rest.toLowerCase();
  }
  const bare = withoutStops(rest);
  const colon = bare.lastIndexOf(':');
  const host = withoutStops(colon < 0 ? bare : bare.slice(0, colon));
  if (bare !== rest || (colon >= 0 && host.length !== colon))
    errors.push({ part: 'full-stop', text: 'it has a trailing full stop' });
  const port = colon < 0 ? '' : bare.slice(colon + 1);
  if (port === '') errors.push({ part: 'port', text: `the port ":${META_PORT}" is missing` });
  else if (port !== `${META_PORT}`)
    errors.push({ part: `port ${port}`, text: `the port is ${quoted(port)}, not ${META_PORT}` });
  return host;
}

function readService(service: string, errors: AddressError[]): string | undefined {
  const name = service.endsWith(SUFFIX) ? service.slice(0, -SUFFIX.length) : undefined;
  if (name !== undefined && isDnsLabel(name)) return name;
  errors.push({
    part: `service ${service}`,
    text: `the service is ${quoted(service)}, not "<cluster>${SUFFIX}"`,
  });
  // The name can be read from a misspelt suffix too: `c1-meta`, `c1-metaclient`, `c1-meta-clinet`.
  const likely = /^(.+?)-meta(?:-?[a-z]*)?$/.exec(service)?.[1] ?? service;
  return isDnsLabel(likely) ? likely : undefined;
}

/** `<namespace>.svc.<cluster domain>`. */
function readZone(
  labels: readonly string[],
  clusterDomain: string,
  errors: AddressError[],
): string | undefined {
  // A namespace may itself be called "svc".
  const svc = Math.max(labels.indexOf('svc', 1), labels.indexOf('svc'));
  const domainAt = domainStart(labels, clusterDomain);
  const end = svc >= 0 ? svc : Math.min(domainAt, 1);
  const namespace = labels.slice(0, end).join('.');
  const domain = labels.slice(svc >= 0 ? svc + 1 : end).join('.');
  if (namespace === '') errors.push({ part: 'namespace', text: 'the namespace is missing' });
  else if (!isDnsLabel(namespace))
    errors.push({ part: `namespace ${namespace}`, text: `${quoted(namespace)} is not a namespace` });
  if (svc < 0) errors.push({ part: 'svc', text: '".svc" is missing after the namespace' });
  if (domain === '')
    errors.push({ part: 'domain', text: `the cluster domain ".${clusterDomain}" is missing` });
  else if (domain !== clusterDomain)
    errors.push({
      part: `domain ${domain}`,
      text: `the cluster domain is ${quoted(domain)}, not ${JSON.stringify(clusterDomain)}`,
    });
  return isDnsLabel(namespace) ? namespace : undefined;
}

/** The index of the first label of the cluster domain, or the number of labels. */
function domainStart(labels: readonly string[], clusterDomain: string): number {
  const start = labels.length - clusterDomain.split('.').length;
  return start >= 0 && labels.slice(start).join('.') === clusterDomain ? start : labels.length;
}

function withoutStops(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '.') end--;
  return text.slice(0, end);
}
