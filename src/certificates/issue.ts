import { randomBytes } from 'node:crypto';
import { AUTHORITY_NAME, type KeptAuthority, type KeptLeaf, readAuthority, readLeaf } from './pem.ts';
import { AUTHORITY_LIFE, LEAF_LIFE, SKEW } from './plan.ts';

const COMMON = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

/** Makes an authority with a name of its own: two of one name in a bundle cannot be told apart. */
export async function issueAuthority(now: number): Promise<KeptAuthority> {
  // Loaded only where certificates are made.
  const { generate } = await import('selfsigned');
  const second = new Date(now).toISOString().slice(0, 19);
  const name = `${AUTHORITY_NAME}${second}Z ${randomBytes(4).toString('hex')}`;
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

/** Makes a leaf for a server of these DNS names. It does not outlive its authority, which must have its key. */
export async function issueLeaf(
  authority: KeptAuthority,
  names: readonly string[],
  now: number,
): Promise<KeptLeaf> {
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
  if (value === undefined) throw new Error('the certificate that was made cannot be used');
  return value;
}
