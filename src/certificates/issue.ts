import { randomBytes } from 'node:crypto';
import { AUTHORITY_NAME_PREFIX, type AuthorityPem, type LeafPem, readAuthority, readLeaf } from './pem.ts';
import { AUTHORITY_LIFE, LEAF_LIFE, SKEW } from './plan.ts';

const COMMON = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

/** Creates a CA with a unique name: verifiers find the CA of a certificate by its name. */
export async function issueAuthority(now: number): Promise<AuthorityPem> {
  // Loaded only when a certificate is created.
  const { generate } = await import('selfsigned');
  const second = new Date(now).toISOString().slice(0, 19);
  const name = `${AUTHORITY_NAME_PREFIX}${second}Z ${randomBytes(4).toString('hex')}`;
  const made = await generate([{ name: 'commonName', value: name }], {
    ...COMMON,
    notBeforeDate: new Date(now - SKEW),
    notAfterDate: new Date(now + AUTHORITY_LIFE),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
    ],
  });
  return must(readAuthority(unix(made.cert), unix(made.private)));
}

/** Creates a server certificate for these DNS names. It expires no later than its CA, which must have its key. */
export async function issueLeaf(
  authority: AuthorityPem,
  names: readonly string[],
  now: number,
): Promise<LeafPem> {
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: 'iomesh-guard' }], {
    ...COMMON,
    notBeforeDate: new Date(Math.max(now - SKEW, authority.notBefore)),
    notAfterDate: new Date(Math.min(now + LEAF_LIFE, authority.notAfter)),
    ca: { key: must(authority.key), cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) },
    ],
  });
  return must(readLeaf(unix(made.cert), unix(made.private), [authority]));
}

function unix(text: string): string {
  return `${text.replaceAll('\r\n', '\n').trim()}\n`;
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the created certificate is invalid');
  return value;
}
