import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { CertificateAuthority, LeafCertificate } from './plan.ts';

/** The start of the common name of every CA that iomesh-guard creates. */
export const AUTHORITY_NAME_PREFIX = 'iomesh-guard CA ';

/** A CA with its PEM texts. */
export interface AuthorityPem extends CertificateAuthority {
  readonly cert: string;
  /** Undefined for a former CA. */
  readonly key?: string | undefined;
}

/** A server certificate with its PEM texts. */
export interface LeafPem extends LeafCertificate {
  readonly cert: string;
  readonly key: string;
}

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{1,20000}-----END CERTIFICATE-----/g;
/** A caBundle of iomesh-guard has three at most; another writer may add any number. */
const MAX_BLOCKS = 100;

/** Parses a CA of iomesh-guard; undefined for other certificates, or if the key does not match. */
export function readAuthority(cert: string, key?: string): AuthorityPem | undefined {
  const parsed = parse(cert, key);
  if (parsed?.ca !== true || !parsed.subject.startsWith(`CN=${AUTHORITY_NAME_PREFIX}`)) return undefined;
  return { id: parsed.fingerprint256, ...validity(parsed), cert, key };
}

/** Parses a certificate that one of these CAs signed; undefined for other certificates. */
export function readLeaf(
  cert: string,
  key: string,
  authorities: readonly AuthorityPem[],
): LeafPem | undefined {
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
  return { id: parsed.fingerprint256, issuer: issuer.id, names, ...validity(parsed), cert, key };
}

/** The CAs of iomesh-guard in a bundle of PEM blocks. */
export function readBundle(text: string): readonly AuthorityPem[] {
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

function validity({ validFrom, validTo }: X509Certificate): { notBefore: number; notAfter: number } {
  return { notBefore: Date.parse(validFrom), notAfter: Date.parse(validTo) };
}
