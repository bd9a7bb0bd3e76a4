/**
 * `npm start` after the build: serves the example on loopback, sends sample reviews, prints what kubectl
 * would print, and keeps serving.
 *
 *   node scripts/start.mjs [--once] [--port PORT] [--health-port PORT]
 */
import './check-node.cjs';
import { spawn, spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { samples } from './sample-reviews.mjs';

const root = join(import.meta.dirname, '..');
const WEBHOOK = 'validate.iomesh-guard.io';

let server;
let stopping = false;
// The server never outlives this process.
process.on('exit', () => server?.kill('SIGKILL'));
// The reader of standard output may close it.
process.stdout.on('error', () => process.exit(1));

function fail(message, hint) {
  console.error(`npm start: ${message}`);
  if (hint !== undefined) console.error(`  ${hint}`);
  process.exit(2);
}

const values = flags();

function flags() {
  try {
    return parseArgs({
      options: {
        once: { type: 'boolean', default: false },
        port: { type: 'string', default: '8443' },
        'health-port': { type: 'string', default: '8081' },
      },
    }).values;
  } catch (error) {
    return fail(error.message, 'npm start -- [--once] [--port PORT] [--health-port PORT]');
  }
}

/** True if the three files exist, belong together, and are valid for another day. */
function isCertificateValid(folder) {
  const read = (name) => readFileSync(join(folder, name));
  try {
    const [leaf, ca] = ['tls.crt', 'ca.crt'].map((name) => new X509Certificate(read(name)));
    return (
      new Date(leaf.validTo) > new Date(Date.now() + 86_400_000) &&
      leaf.checkPrivateKey(createPrivateKey(read('tls.key'))) &&
      leaf.checkIssued(ca) &&
      leaf.verify(ca.publicKey)
    );
  } catch {
    return false;
  }
}

const certs = join(root, 'certs');
if (!isCertificateValid(certs)) {
  const made = spawnSync(process.execPath, [join(root, 'scripts/certs.mjs')], { encoding: 'utf8' });
  if (made.status !== 0)
    fail(
      'cannot create a development certificate in certs/',
      made.stderr.split('\n').find((line) => /Error/.test(line)) ?? made.stderr.trim(),
    );
}

server = spawn(
  process.execPath,
  [
    join(root, 'dist/cli.js'),
    'serve',
    ...['--world', join(root, 'examples/two-clusters'), '--cert-dir', certs, '--host', '127.0.0.1'],
    ...['--port', values.port, '--health-port', values['health-port'], '--drain', values.once ? '0' : '1'],
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
server.on('exit', (code, signal) => {
  if (stopping) return;
  if (signal !== null) fail(`the server was killed by ${signal}`);
  process.exit(code);
});
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    stopping = true;
    server.once('exit', () => process.exit(0));
    server.kill('SIGTERM');
  });

const { port, healthPort } = await serving();
console.log(`serving https://127.0.0.1:${port}, the world is examples/two-clusters\n`);
let wrong = 0;
for (const sample of samples()) {
  console.log(`# ${sample.title}`);
  console.log(`$ ${sample.command}`);
  const review = await post(sample.path, sample.review).catch((error) =>
    fail(`the server on port ${port} did not answer: ${error.message}`),
  );
  for (const line of kubectlOutput(sample, review.response)) console.log(line);
  const problem = unexpected(sample.expect, review);
  if (problem !== undefined) {
    wrong += 1;
    console.log(`!! unexpected result: ${problem}`);
  }
  console.log('');
}

if (values.once) {
  stopping = true;
  await new Promise((resolve) => {
    server.once('exit', resolve);
    server.kill('SIGTERM');
  });
  if (wrong > 0) console.log(`${wrong} samples had an unexpected result`);
  process.exit(wrong === 0 ? 0 : 1);
}

const folder = mkdtempSync(join(tmpdir(), 'iomesh-guard-'));
const body = join(folder, 'review.json');
writeFileSync(body, `${JSON.stringify(samples()[0].review, undefined, 2)}\n`);
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
console.log('Still serving; press Ctrl-C to stop. To send a review:');
console.log(
  `  curl --cacert certs/ca.crt -H 'content-type: application/json' -d @${body} https://127.0.0.1:${port}/validate`,
);
console.log(`  curl http://127.0.0.1:${healthPort}/metrics`);

/** Waits for the log line with the ports of the server. Of other lines only errors are printed. */
function serving() {
  return new Promise((resolve, reject) => {
    let pending = '';
    server.stdout.on('data', (chunk) => {
      pending += chunk;
      const lines = pending.split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) {
        const entry = JSON.parse(line);
        if (entry.msg === 'serving') resolve(entry);
        if (entry.level >= 50) console.error(`${entry.msg}: ${entry.reason ?? entry.err?.message ?? ''}`);
      }
    });
    server.once('error', reject);
  });
}

function post(path, review) {
  const text = JSON.stringify(review);
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port,
        path: `${path}?timeout=5s`,
        method: 'POST',
        ca: readFileSync(join(certs, 'ca.crt')),
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      },
      (response) => {
        let answer = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          answer += chunk;
        });
        response.on('end', () => {
          if (response.statusCode === 200) resolve(JSON.parse(answer));
          else reject(new Error(`HTTP ${response.statusCode}: ${answer}`));
        });
      },
    );
    call.on('error', reject);
    call.end(text);
  });
}

/** The output of kubectl for a response, and the fields that a patch sets. */
function kubectlOutput({ command, review: { request } }, response) {
  const lines = (response.warnings ?? []).map((warning) => `Warning: ${warning}`);
  const file = command.split(' ').at(-1);
  const { group, version, kind } = request.kind;
  const name = `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${request.name}`;
  if (!response.allowed) {
    const denial = `admission webhook "${WEBHOOK}" denied the request: ${response.status.message}`;
    const error = `Error from server (${response.status.reason}): error when`;
    if (request.operation === 'CREATE') return [...lines, `${error} creating "${file}": ${denial}`];
    // kubectl also prints the patch, which is long.
    return [
      ...lines,
      `${error} applying patch:`,
      '{…}',
      'to:',
      `Resource: "${group}/${version}, Resource=${request.resource.resource}", GroupVersionKind: "${group}/${version}, Kind=${kind}"`,
      `Name: "${request.name}", Namespace: "${request.namespace}"`,
      `for: "${file}": error when patching "${file}": ${denial}`,
    ];
  }
  lines.push(`${name} ${request.operation === 'CREATE' ? 'created' : 'configured'}`);
  for (const { path, value } of patchOf(response))
    lines.push(`  filled in: ${path} = ${JSON.stringify(value)}`);
  return lines;
}

function patchOf(response) {
  return response.patch === undefined ? [] : JSON.parse(Buffer.from(response.patch, 'base64').toString());
}

function unexpected(expected, { response }) {
  if (response.allowed !== expected.allowed) return response.allowed ? 'it was allowed' : 'it was denied';
  if (expected.code !== undefined && !response.status.message.includes(expected.code))
    return `${expected.code} is not in the message`;
  const paths = patchOf(response).map((each) => each.path);
  const missing = (expected.patches ?? []).find((path) => !paths.some((each) => each.startsWith(path)));
  return missing === undefined ? undefined : `${missing} was not filled in`;
}
