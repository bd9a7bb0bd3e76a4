/** Required client certificates: only the apiserver gets answers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectDenied, expectOk } from './support/cluster.ts';
import { Authority } from './support/pki.ts';
import { onKubernetes } from './support/suite.ts';
import { post, reviewOf } from './support/review-client.ts';
import { Installation } from './support/installation.ts';
import { OF_DEFINITION, all, management, on, placed, pool, refOf } from './support/objects.ts';

const SERVICE = 'iomesh-guard.iomesh-guard-system.svc';

onKubernetes('client certificates', (kubernetes) => {
  let folder: string;
  let installation: Installation | undefined;
  let authority: Authority;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'iomesh-guard-clients-'));
    authority = await Authority.make('clients');
    const { cert, key } = await authority.issue({ name: 'kube-apiserver' });
    const client = {
      'client-certificate': write('client.crt', cert),
      'client-key': write('client.key', key),
    };
    const users = [SERVICE, `${SERVICE}:8443`].map((name) => ({ name, user: client }));
    const kubeConfigFile = write(
      'webhooks.kubeconfig',
      JSON.stringify({ apiVersion: 'v1', kind: 'Config', users }),
    );
    const admission = write(
      'admission.yaml',
      JSON.stringify({
        apiVersion: 'apiserver.config.k8s.io/v1',
        kind: 'AdmissionConfiguration',
        plugins: ['ValidatingAdmissionWebhook', 'MutatingAdmissionWebhook'].map((name) => ({
          name,
          configuration: {
            apiVersion: 'apiserver.config.k8s.io/v1',
            kind: 'WebhookAdmissionConfiguration',
            kubeConfigFile,
          },
        })),
      }),
    );
    installation = await Installation.start(kubernetes, {
      apiserverFlags: [`--admission-control-config-file=${admission}`],
      webhook: { flags: [`--client-ca=${write('client-ca.crt', authority.cert)}`] },
    });
  });
  afterAll(async () => {
    await installation?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('accept the apiserver', async () => {
    const { cluster } = installation!;
    expectOk(await cluster.apply(all(management(), pool())));
    const overlapping = placed(pool(), {
      affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4'),
    }).cluster;
    expectDenied(await cluster.apply(overlapping), 'IOM101', ['k8s-worker-2']);
    const stored = await cluster.expectStored(...refOf(overlapping));
    expect(stored['spec']).toEqual({ ...OF_DEFINITION, ...pool().cluster['spec'] });
  });

  it('reject callers without a certificate or with one of another CA', async () => {
    const { webhook } = installation!;
    const body = JSON.stringify(reviewOf(pool().connection as never, 'configmaps'));
    const stranger = await (await Authority.make('somebody')).issue({ name: 'kube-apiserver' });
    const before = await installation!.metric('iomesh_guard_decisions_total');
    for (const identity of [undefined, stranger])
      await expect(post(webhook, '/validate', body, identity)).rejects.toThrow(
        /certificate|alert|ECONNRESET|hang up/i,
      );
    expect(await installation!.metric('iomesh_guard_decisions_total')).toBe(before);
    const ours = await post(webhook, '/validate', body, await authority.issue({ name: 'kube-apiserver' }));
    expect(ours.status).toBe(200);
  });

  it('reject a caller whose certificate has another name', async () => {
    const { webhook } = installation!;
    const body = JSON.stringify(reviewOf(pool().connection as never, 'configmaps'));
    const kubelet = await authority.issue({ name: 'system:node:k8s-worker-0' });
    const answer = await post(webhook, '/validate', body, kubelet);
    expect(answer).toMatchObject({ status: 403 });
    expect(JSON.parse(answer.body).message).toBe(
      'the client certificate does not have the name kube-apiserver',
    );
  });

  function write(name: string, text: string): string {
    const file = join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }
});
