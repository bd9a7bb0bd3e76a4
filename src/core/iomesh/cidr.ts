import ipaddr from 'ipaddr.js';

/** A network of `dataCIDR`. */
export interface Cidr {
  /** The network in canonical form with host bits cleared, so that equal networks are equal strings. */
  readonly network: string;
  /** True if bits after the prefix are set: the address is that of a host. */
  readonly hostBits: boolean;
}

export type CidrReading =
  | { readonly ok: true; readonly cidr: Cidr }
  | {
      readonly ok: false;
      /** The error, as it follows the value in a message. */
      readonly problem: string;
      /** The network that is most likely meant. */
      readonly suggestion?: string | undefined;
    };

export type IpReading =
  | { readonly ok: true /** In canonical form. */; readonly ip: string }
  | { readonly ok: false /** The error, as it follows the value in a message. */; readonly problem: string };

/** Reads an IP address as strictly as Go does (https://pkg.go.dev/net#ParseIP). */
export function readIp(text: string): IpReading {
  if (text.length > MAX_LENGTH) return { ok: false, problem: `is ${text.length} characters long` };
  if (/\s/.test(text)) return { ok: false, problem: 'contains white space' };
  if (text.includes('/')) return { ok: false, problem: 'is a network, not an address' };
  const problem = addressProblem(text)?.replace('a network', 'an address').replace('network', 'address');
  return problem === undefined ? { ok: true, ip: ipaddr.parse(text).toString() } : { ok: false, problem };
}

const MAX_LENGTH = 64;
const OCTET = /^(?:0|[1-9]\d{0,2})$/;
// Without counts, which V8 compiles slowly.
const PLAIN = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/;
const FOUR_PARTS = /^\d+\.\d+\.\d+\.\d+$/;

/**
 * Reads a CIDR as strictly as the Go function that reads it in the cluster: no white space, no leading zeros,
 * no missing prefix, no zone (https://pkg.go.dev/net#ParseCIDR).
 */
export function readCidr(text: string): CidrReading {
  if (text.length > MAX_LENGTH) return { ok: false, problem: `is ${text.length} characters long` };
  const plain = parsePlain(text);
  if (plain !== undefined) return { ok: true, cidr: plain };
  const problem = problemOf(text);
  if (problem === undefined) return { ok: true, cidr: parse(text) };
  const tidy = tidied(text);
  return tidy === undefined
    ? { ok: false, problem }
    : { ok: false, problem, suggestion: parse(tidy).network };
}

/** A valid IPv4 network; undefined for any other text. The library tries IPv6 first, which is slow. */
function parsePlain(text: string): Cidr | undefined {
  const parts = PLAIN.exec(text)?.slice(1);
  if (parts === undefined || parts.some((part) => part.length > 1 && part.startsWith('0'))) return undefined;
  const [a, b, c, d, prefix] = parts.map(Number) as [number, number, number, number, number];
  if (Math.max(a, b, c, d) > 255 || prefix > 32) return undefined;
  const address = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  // In JavaScript a shift by 32 is a shift by 0.
  const network = prefix === 0 ? 0 : (address & (-1 << (32 - prefix))) >>> 0;
  const octets = [network >>> 24, (network >>> 16) & 255, (network >>> 8) & 255, network & 255];
  return { network: `${octets.join('.')}/${prefix}`, hostBits: network !== address };
}

/** The error of a text; undefined for a valid CIDR. */
function problemOf(text: string): string | undefined {
  if (text === '') return 'is empty';
  if (/\s/.test(text)) return 'contains white space';
  if (/[,;]/.test(text)) return 'is a list; exactly one network is required';
  const [address = '', prefix, ...more] = text.split('/');
  if (more.length > 0) return 'contains more than one "/"';
  return addressProblem(address) ?? prefixProblem(prefix, address.includes(':') ? 128 : 32);
}

function addressProblem(address: string): string | undefined {
  if (address.includes(':')) {
    if (address.includes('%')) return 'has a zone, which a network cannot have';
    const embedded = /[^:]*\.[^:]*$/.exec(address)?.[0];
    const sound = embedded === undefined || addressProblem(embedded) === undefined;
    return sound && ipaddr.IPv6.isValid(address) ? undefined : 'is not an IPv6 network';
  }
  if (/^\d+\.\d+\.\d+\.\d+-/.test(address)) return 'is a range of addresses, not a network';
  if (!FOUR_PARTS.test(address)) return 'is not an IP network';
  const octets = address.split('.');
  const zeros = octets.find((octet) => /^0\d/.test(octet));
  if (zeros !== undefined) return `has a leading zero in "${zeros}", which some programs read as octal`;
  const large = octets.find((octet) => !OCTET.test(octet) || Number(octet) > 255);
  return large === undefined ? undefined : `has "${large}", but at most 255 is possible`;
}

function prefixProblem(prefix: string | undefined, most: number): string | undefined {
  if (prefix === undefined || prefix === '') return 'has no prefix length';
  if (FOUR_PARTS.test(prefix)) return 'has a netmask instead of a prefix length';
  if (!/^\d+$/.test(prefix)) return `has "${prefix}" instead of a prefix length`;
  if (/^0\d/.test(prefix)) return `has a leading zero in the prefix length "${prefix}"`;
  return Number(prefix) > most
    ? `has the prefix length ${prefix}, but at most ${most} is possible`
    : undefined;
}

/**
 * The text without white space and leading zeros, with a prefix instead of a netmask, if that makes a valid
 * CIDR.
 */
function tidied(text: string): string | undefined {
  const [address = '', prefix = '', ...more] = text.replace(/\s+/g, '').split('/');
  if (more.length > 0) return undefined;
  const mask = FOUR_PARTS.test(prefix) && ipaddr.IPv4.isValidFourPartDecimal(prefix);
  const length = mask ? ipaddr.IPv4.parse(prefix).prefixLengthFromSubnetMask() : prefix;
  const trimmed = `${address}/${length}`.replace(/(^|[./])0+(?=\d)/g, '$1');
  return problemOf(trimmed) === undefined ? trimmed : undefined;
}

/** Reads a valid text. */
function parse(text: string): Cidr {
  const [address, prefix] = ipaddr.parseCIDR(text);
  const family = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  const network = family.networkAddressFromCIDR(text);
  return {
    network: `${network.toString()}/${prefix}`,
    hostBits: network.toByteArray().join() !== address.toByteArray().join(),
  };
}
