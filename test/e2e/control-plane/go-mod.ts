import { go } from './go.ts';

interface GoModJson {
  readonly Go: string;
  readonly Godebug?: readonly { readonly Key: string; readonly Value: string }[] | null;
  readonly Require: readonly { readonly Path: string; readonly Version: string }[];
  readonly Replace?: readonly {
    readonly Old: { readonly Path: string };
    readonly New: { readonly Path: string };
  }[];
}

/**
 * The go.mod that builds kube-apiserver, etcd and kubectl of one Kubernetes release ("1.37.2") from modules.
 * Throws where the Go module proxy does not know the release.
 *
 * k8s.io/kubernetes requires its staging modules at v0.0.0 and replaces them by folders of its own
 * repository; a build from outside replaces them by the published v0.X.Y that belongs to v1.X.Y.
 * The etcd server takes the version of the etcd client that the release itself requires.
 */
export async function goMod(release: string): Promise<string> {
  const module = `k8s.io/kubernetes@v${release}`;
  const { GoMod: file } = JSON.parse(await go(['mod', 'download', '-json', module])) as { GoMod: string };
  const theirs = JSON.parse(await go(['mod', 'edit', '-json', file])) as GoModJson;
  const etcd = theirs.Require.find(({ Path }) => Path === 'go.etcd.io/etcd/client/v3');
  if (etcd === undefined) throw new Error(`${module} requires no etcd client: its go.mod has changed shape`);
  const staging = (theirs.Replace ?? []).filter(({ New }) => New.Path.startsWith('./staging/'));
  const published = `v0.${release.split('.').slice(1).join('.')}`;
  return [
    'module control-plane',
    '',
    `go ${theirs.Go}`,
    '',
    ...(theirs.Godebug ?? []).map(({ Key, Value }) => `godebug ${Key}=${Value}`),
    '',
    'require (',
    `\tgo.etcd.io/etcd/server/v3 ${etcd.Version}`,
    `\tk8s.io/kubernetes v${release}`,
    ')',
    '',
    'replace (',
    ...staging.map(({ Old }) => `\t${Old.Path} => ${Old.Path} ${published}`),
    ')',
    '',
  ].join('\n');
}
