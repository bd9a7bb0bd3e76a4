import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { CertificateAuthority, LeafCertificate } from './plan.ts';

/** The start of the common name of every CA that iomesh-guard creates. */
export const AUTHORITY_NAME_PREFIX = 'iomesh-guard CA ';

/** A certificate of a caBundle, of any CA. */
export interface CertificatePem extends CertificateAuthority {
  readonly cert: string;
}

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
  return certificatesIn(text).flatMap(({ cert }) => readAuthority(cert) ?? []);
}

/** The certificates in a bundle of PEM blocks. */
export function certificatesIn(bundle: string): readonly CertificatePem[] {
  return [...bundle.matchAll(BLOCK)].slice(0, MAX_BLOCKS).flatMap(([block]): CertificatePem[] => {
    const cert = `${block}\n`;
    const parsed = parse(cert, undefined);
    return parsed === undefined ? [] : [{ id: parsed.fingerprint256, ...validity(parsed), cert }];
  });
}

/** The CA that signed the first certificate of a chain, directly or with others of the chain; undefined for none. */
export function authorityOf(
  chain: string,
  authorities: readonly CertificatePem[],
): CertificatePem | undefined {
  const links = certificatesIn(chain).map(({ cert }) => new X509Certificate(cert));
  const isSignedBy = (signed: X509Certificate, other: X509Certificate) =>
    signed.checkIssued(other) && signed.verify(other.publicKey);
  for (let link = links.shift(); link !== undefined; ) {
    const signed = link;
    const found = authorities.find(
      ({ id, cert }) => id === signed.fingerprint256 || isSignedBy(signed, new X509Certificate(cert)),
    );
    if (found !== undefined) return found;
    const next = links.findIndex((each) => isSignedBy(signed, each));
    link = next < 0 ? undefined : links.splice(next, 1)[0];
  }
  return undefined;
}

/** True for two bundles with the same certificates, in any order, and nothing else. */
export function hasSameCertificates(a: string, b: string): boolean {
  return a === b || bundleKey(a) === bundleKey(b);
}

/** The text itself if it has anything but certificates. */
function bundleKey(bundle: string): string {
  const ids = certificatesIn(bundle).map(({ id }) => id);
  const rest = bundle.replaceAll(BLOCK, '').trim();
  const isComplete = rest === '' && ids.length === (bundle.match(BLOCK) ?? []).length;
  return isComplete ? [...new Set(ids)].sort().join() : bundle;
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
