/** OPA's server as a peer of the webhook: built by Go, with one rule (opa.rego) over the same clusters. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { buildGoProgram } from './go-program.mjs';
import { clusterName, listedHostnames } from './listed-hostnames.mjs';

const VERSION = 'v1.22.4';

/**
 * What OPA does not do by itself. kube-mgmt copies objects, eventually consistent: https://www.openpolicyagent.org/docs/kubernetes;
 * of two objects created in parallel neither may be seen with the other: the tip in https://www.openpolicyagent.org/docs/kubernetes/tutorial
 */
export const OPA_LIMITS = `OPA ${VERSION} has one rule, on listed hostnames; ours evaluates all rules. OPA reads no cluster: kube-mgmt copies the objects to it, so two conflicting creations at the same moment can both be allowed. The index by hostname that this rule uses has to be kept by something else`;

/**
 * Starts OPA with the certificate in `certs` and the rule over `clusters`; its data are written to `work`.
 * Returns undefined if there is no Go to build it with.
 */
export async function startOpa({ certs, clusters, work }) {
  const program = buildGoProgram('github.com/open-policy-agent/opa', VERSION);
  if (program === undefined) return undefined;
  const data = join(work, 'opa-data.json');
  writeFileSync(data, JSON.stringify({ by_hostname: byHostname(clusters) }));
  const port = await freePort();
  const child = spawn(
    program,
    [
      ...['run', '--server', '--addr', `127.0.0.1:${port}`, '--log-level', 'error', '--skip-version-check'],
      ...['--tls-cert-file', join(certs, 'tls.crt'), '--tls-private-key-file', join(certs, 'tls.key')],
      ...[join(import.meta.dirname, 'opa.rego'), `clusters:${data}`],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  // It warns at every level if it runs as root; only its last words matter.
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  child.once('exit', (code) => {
    if (code) console.error(`OPA ended with ${code}: ${log}`);
  });
  return { child, port };
}

/** Which clusters list a hostname. */
function byHostname(clusters) {
  const index = {};
  for (const cluster of clusters)
    for (const hostname of listedHostnames(cluster)) {
      index[hostname] ??= {};
      index[hostname][clusterName(cluster)] = true;
    }
  return index;
}

/** OPA does not print the port that it got for port 0. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
