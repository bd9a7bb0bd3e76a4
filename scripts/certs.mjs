/**
 * Creates a development CA and a certificate for loopback in certs/: ca.crt, tls.crt, tls.key. In a cluster
 * the webhook creates its certificates itself.
 *
 *   node scripts/certs.mjs [DIR]
 */
import './check-node.cjs';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { generate } from 'selfsigned';

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '../certs'));
const common = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' };
const days = (count) => new Date(Date.now() + count * 86_400_000);

// A unique name: verifiers find the CA of a certificate by its name.
const ca = await generate(
  [{ name: 'commonName', value: `iomesh-guard development CA ${new Date().toISOString()}` }],
  {
    ...common,
    notAfterDate: days(365),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
    ],
  },
);
const leaf = await generate([{ name: 'commonName', value: 'localhost' }], {
  ...common,
  notAfterDate: days(90),
  ca: { key: ca.private, cert: ca.cert },
  extensions: [
    { name: 'basicConstraints', cA: false },
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: [
        { type: 2, value: 'localhost' },
        { type: 7, ip: '127.0.0.1' },
        { type: 7, ip: '::1' },
      ],
    },
  ],
});

mkdirSync(folder, { recursive: true });
for (const [name, text, mode] of [
  ['ca.crt', ca.cert, 0o644],
  ['tls.crt', leaf.cert, 0o644],
  ['tls.key', leaf.private, 0o600],
]) {
  // A server that watches the directory never reads a partial file.
  const partial = join(folder, `.${name}.partial`);
  writeFileSync(partial, text.replaceAll('\r\n', '\n'), { mode });
  renameSync(partial, join(folder, name));
}
