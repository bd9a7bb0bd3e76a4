import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Authority, Leaf } from './plan.ts';

/** Begins the common name of every authority made here. */
export const AUTHORITY_NAME = 'iomesh-guard CA ';

export interface KeptAuthority extends Authority {
  readonly cert: string;
  /** Absent for one that signs no more. */
  readonly key?: string | undefined;
}
export interface KeptLeaf extends Leaf {
  readonly cert: string;
  readonly key: string;
}

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{1,20000}-----END CERTIFICATE-----/g;
/** A bundle of ours holds three at most, but a configuration's may hold anything. */
const MAX_BLOCKS = 100;

/** Reads an authority of ours; undefined for anything else, and where the key is not its own. */
export function readAuthority(cert: string, key?: string): KeptAuthority | undefined {
  const parsed = parse(cert, key);
  if (parsed?.ca !== true || !parsed.subject.startsWith(`CN=${AUTHORITY_NAME}`)) return undefined;
  return { id: parsed.fingerprint256, ...span(parsed), cert, ...(key === undefined ? {} : { key }) };
}

/** Reads a leaf that one of these authorities signed; undefined for anything else. */
export function readLeaf(
  cert: string,
  key: string,
  authorities: readonly KeptAuthority[],
): KeptLeaf | undefined {
  const parsed = parse(cert, key);
  if (parsed === undefined) return undefined;
  const issuer = authorities.find((each) => {
    const authority = new X509Certificate(each.cert);
    return parsed.checkIssued(authority) && parsed.verify(authority.publicKey);
  });
  if (issuer === undefined) return undefined;
  const names = (parsed.subjectAltName ?? '')
    .split(', ')
    .flatMap((each) => (each.startsWith('DNS:') ? [each.slice(4)] : []));
  return { id: parsed.fingerprint256, issuer: issuer.id, names, ...span(parsed), cert, key };
}

/** The authorities of ours in a bundle of PEM blocks, whatever else is in it. */
export function readBundle(text: string): readonly KeptAuthority[] {
  return [...text.matchAll(BLOCK)]
    .slice(0, MAX_BLOCKS)
    .flatMap(([block]) => readAuthority(`${block}\n`) ?? []);
}

function parse(cert: string, key: string | undefined): X509Certificate | undefined {
  try {
    const parsed = new X509Certificate(cert);
    return key === undefined || parsed.checkPrivateKey(createPrivateKey(key)) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function span({ validFrom, validTo }: X509Certificate): { notBefore: number; notAfter: number } {
  return { notBefore: Date.parse(validFrom), notAfter: Date.parse(validTo) };
}
