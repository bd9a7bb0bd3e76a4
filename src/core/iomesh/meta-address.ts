/** Takes a metaAddr apart and says which of its parts are wrong. */
import type { ClusterId } from './cluster.ts';
import { META_PORT } from './connection.ts';
import { isDnsLabel } from '../base/names.ts';
import { quoted } from '../base/text.ts';
import type { Fix } from '../finding.ts';

export const META_ADDR = ['data', 'metaAddr'] as const;

/** The fix of an address that is there and wrong. */
export function metaAddrFix(right: string): Fix {
  return {
    safety: 'unsafe',
    description: `set data.metaAddr to "${right}"`,
    edits: [{ op: 'replace', path: META_ADDR, value: right }],
  };
}

/** One part of a metaAddr that is not as it must be. */
export interface AddressFault {
  /** The same for the same fault in another address: tells a fault that stays from a new one. */
  readonly part: string;
  /** To stand after "metaAddr …:". */
  readonly text: string;
}

export interface AddressReading {
  /** The cluster's name and namespace, as far as the address tells them. */
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  /** Empty for a well-formed address. */
  readonly faults: readonly AddressFault[];
}

const MAX_LENGTH = 320;
const SUFFIX = '-meta-client';

/** The cluster of a well-formed address. */
export function targetOf({ name, namespace, faults }: AddressReading): ClusterId | undefined {
  return faults.length > 0 || name === undefined || namespace === undefined ? undefined : { name, namespace };
}

/** Reads `<cluster>-meta-client.<namespace>.svc.<cluster domain>:10100`. */
export function readMetaAddr(address: string, clusterDomain: string): AddressReading {
  if (address.length > MAX_LENGTH) {
    const text = `it is ${address.length} characters long`;
    return { name: undefined, namespace: undefined, faults: [{ part: 'length', text }] };
  }
  const faults: AddressFault[] = [];
  const host = readEnds(address, faults);
  if (/^\d+\.\d+\.\d+\.\d+$|:/.test(host)) {
    const text = host.includes(':') ? 'it holds more than one ":"' : 'it is an IP address, not a name';
    return { name: undefined, namespace: undefined, faults: [...faults, { part: 'host', text }] };
  }
  const [service = '', ...rest] = host.split('.');
  const name = readService(service, faults);
  const namespace = readZone(rest, clusterDomain, faults);
  return { name, namespace, faults };
}

/** Everything around the host: returns the bare host in lower case. */
function readEnds(address: string, faults: AddressFault[]): string {
  let rest = address.replace(/\s+/g, '');
  if (rest !== address) faults.push({ part: 'space', text: 'it holds white space' });
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.exec(rest)?.[0];
  if (scheme !== undefined) {
    faults.push({ part: 'scheme', text: `it begins with ${JSON.stringify(scheme)}` });
    rest = rest.slice(scheme.length);
  }
  const slash = rest.indexOf('/');
  if (slash >= 0) {
    faults.push({ part: 'path', text: `it goes on after a "/"` });
    rest = rest.slice(0, slash);
  }
  if (rest !== rest.toLowerCase()) {
    faults.push({ part: 'case', text: 'it holds upper-case letters' });
    rest = rest.toLowerCase();
  }
  const bare = withoutStops(rest);
  const colon = bare.lastIndexOf(':');
  const host = withoutStops(colon < 0 ? bare : bare.slice(0, colon));
  if (bare !== rest || (colon >= 0 && host.length !== colon))
    faults.push({ part: 'full-stop', text: 'it has a trailing full stop' });
  const port = colon < 0 ? '' : bare.slice(colon + 1);
  if (port === '') faults.push({ part: 'port', text: `the port ":${META_PORT}" is missing` });
  else if (port !== `${META_PORT}`)
    faults.push({ part: `port ${port}`, text: `the port is ${quoted(port)}, not ${META_PORT}` });
  return host;
}

function readService(service: string, faults: AddressFault[]): string | undefined {
  const name = service.endsWith(SUFFIX) ? service.slice(0, -SUFFIX.length) : undefined;
  if (name !== undefined && isDnsLabel(name)) return name;
  faults.push({
    part: `service ${service}`,
    text: `the service is ${quoted(service)}, not "<cluster>${SUFFIX}"`,
  });
  // What is left of a garbled suffix still tells the cluster: `c1-meta`, `c1-metaclient`, `c1-meta-clinet`.
  const likely = /^(.+?)-meta(?:-?[a-z]*)?$/.exec(service)?.[1] ?? service;
  return isDnsLabel(likely) ? likely : undefined;
}

/** `<namespace>.svc.<cluster domain>`. */
function readZone(
  labels: readonly string[],
  clusterDomain: string,
  faults: AddressFault[],
): string | undefined {
  // A namespace may itself be called "svc".
  const svc = Math.max(labels.indexOf('svc', 1), labels.indexOf('svc'));
  const domainAt = domainStart(labels, clusterDomain);
  const end = svc >= 0 ? svc : Math.min(domainAt, 1);
  const namespace = labels.slice(0, end).join('.');
  const domain = labels.slice(svc >= 0 ? svc + 1 : end).join('.');
  if (namespace === '') faults.push({ part: 'namespace', text: 'the namespace is missing' });
  else if (!isDnsLabel(namespace))
    faults.push({ part: `namespace ${namespace}`, text: `${quoted(namespace)} is not a namespace` });
  if (svc < 0) faults.push({ part: 'svc', text: '".svc" is missing after the namespace' });
  if (domain === '')
    faults.push({ part: 'domain', text: `the cluster domain ".${clusterDomain}" is missing` });
  else if (domain !== clusterDomain)
    faults.push({
      part: `domain ${domain}`,
      text: `the cluster domain is ${quoted(domain)}, not ${JSON.stringify(clusterDomain)}`,
    });
  return isDnsLabel(namespace) ? namespace : undefined;
}

/** Where the labels begin that make up the cluster domain, or their number. */
function domainStart(labels: readonly string[], clusterDomain: string): number {
  const start = labels.length - clusterDomain.split('.').length;
  return start >= 0 && labels.slice(start).join('.') === clusterDomain ? start : labels.length;
}

function withoutStops(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '.') end--;
  return text.slice(0, end);
}
