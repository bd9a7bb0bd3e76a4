import ipaddr from 'ipaddr.js';

/** A network as `dataCIDR` gives it. */
export interface Cidr {
  /** The network in its usual spelling, host bits cleared: two spellings of one network are equal here. */
  readonly network: string;
  /** The address has bits set beyond the prefix: it is a host's address, not the network's. */
  readonly hostBits: boolean;
}

export type CidrReading =
  | { readonly ok: true; readonly cidr: Cidr }
  | {
      readonly ok: false;
      /** What is wrong, to stand after the value. */
      readonly problem: string;
      /** The network that was most likely meant. */
      readonly suggestion?: string | undefined;
    };

const MAX_LENGTH = 64;
const OCTET = /^(?:0|[1-9]\d{0,2})$/;
const PLAIN = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;
const FOUR_PARTS = /^\d+\.\d+\.\d+\.\d+$/;

/**
 * Reads a CIDR as strictly as Go's `net.ParseCIDR` does, which is what reads it in the cluster: no white
 * space, no leading zeros (libraries disagree whether they mean octal), no missing prefix, no zone.
 */
export function readCidr(text: string): CidrReading {
  if (text.length > MAX_LENGTH) return { ok: false, problem: `is ${text.length} characters long` };
  const plain = parsePlain(text);
  if (plain !== undefined) return { ok: true, cidr: plain };
  const problem = whatIsWrong(text);
  if (problem === undefined) return { ok: true, cidr: parse(text) };
  const tidy = tidied(text);
  return tidy === undefined
    ? { ok: false, problem }
    : { ok: false, problem, suggestion: parse(tidy).network };
}

/** An IPv4 network in which nothing is wrong; undefined for all else. The library tries IPv6 first, which is slow. */
function parsePlain(text: string): Cidr | undefined {
  const parts = PLAIN.exec(text)?.slice(1);
  if (parts === undefined || parts.some((part) => part.length > 1 && part.startsWith('0'))) return undefined;
  const [a, b, c, d, prefix] = parts.map(Number) as [number, number, number, number, number];
  if (Math.max(a, b, c, d) > 255 || prefix > 32) return undefined;
  const address = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  // A shift by 32 shifts nothing.
  const network = prefix === 0 ? 0 : (address & (-1 << (32 - prefix))) >>> 0;
  const octets = [network >>> 24, (network >>> 16) & 255, (network >>> 8) & 255, network & 255];
  return { network: `${octets.join('.')}/${prefix}`, hostBits: network !== address };
}

/** The fault of a text that is no CIDR; undefined for one that is. */
function whatIsWrong(text: string): string | undefined {
  if (text === '') return 'is empty';
  if (/\s/.test(text)) return 'holds white space';
  if (/[,;]/.test(text)) return 'is a list; one network is due';
  const [address = '', prefix, ...more] = text.split('/');
  if (more.length > 0) return 'holds more than one "/"';
  return addressProblem(address) ?? prefixProblem(prefix, address.includes(':') ? 128 : 32);
}

function addressProblem(address: string): string | undefined {
  if (address.includes(':')) {
    if (address.includes('%')) return 'names a zone, which a network does not have';
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
  return large === undefined ? undefined : `has "${large}" where at most 255 is possible`;
}

function prefixProblem(prefix: string | undefined, most: number): string | undefined {
  if (prefix === undefined || prefix === '') return 'lacks the prefix length';
  if (FOUR_PARTS.test(prefix)) return 'gives a netmask where the prefix length is due';
  if (!/^\d+$/.test(prefix)) return `has "${prefix}" where the prefix length is due`;
  if (/^0\d/.test(prefix)) return `has a leading zero in the prefix length "${prefix}"`;
  return Number(prefix) > most ? `has the prefix length ${prefix}; at most ${most} is possible` : undefined;
}

/** The same text without white space and leading zeros, a netmask turned into its prefix, if that makes a CIDR. */
function tidied(text: string): string | undefined {
  const [address = '', prefix = '', ...more] = text.replace(/\s+/g, '').split('/');
  if (more.length > 0) return undefined;
  const mask = FOUR_PARTS.test(prefix) && ipaddr.IPv4.isValidFourPartDecimal(prefix);
  const length = mask ? ipaddr.IPv4.parse(prefix).prefixLengthFromSubnetMask() : prefix;
  const trimmed = `${address}/${length}`.replace(/(^|[./])0+(?=\d)/g, '$1');
  return whatIsWrong(trimmed) === undefined ? trimmed : undefined;
}

/** Of text in which nothing is wrong. */
function parse(text: string): Cidr {
  const [address, prefix] = ipaddr.parseCIDR(text);
  const family = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  const network = family.networkAddressFromCIDR(text);
  return {
    network: `${network.toString()}/${prefix}`,
    hostBits: network.toByteArray().join() !== address.toByteArray().join(),
  };
}
