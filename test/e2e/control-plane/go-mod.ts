import { go } from './go.ts';

interface ModuleVersion {
  readonly Path: string;
  readonly Version?: string;
}

interface GoModJson {
  readonly Go: string;
  readonly Godebug?: readonly { readonly Key: string; readonly Value: string }[] | null;
  readonly Require: readonly ModuleVersion[];
  readonly Replace?: readonly { readonly Old: ModuleVersion; readonly New: ModuleVersion }[];
}

/** Versions that releases before 1.24 pin, which crash when a newer Go has built them, and their successors. */
const RUNS_TODAY: Readonly<Record<string, string>> = {
  // https://github.com/modern-go/reflect2/issues/24
  'github.com/modern-go/reflect2 v1.0.1': 'v1.0.2',
  'github.com/json-iterator/go v1.1.10': 'v1.1.12',
};

/** How to build kube-apiserver, etcd and kubectl of one Kubernetes release from modules. */
export interface Recipe {
  /** The text of go.mod. */
  readonly goMod: string;
  /** The package that embeds an etcd server; its path changed with etcd 3.5. */
  readonly embed: string;
}

/**
 * The recipe for one Kubernetes release ("1.37.2"). Throws if the Go module proxy does not have the release.
 *
 * k8s.io/kubernetes requires its staging modules at v0.0.0 and replaces them by folders of its own
 * repository; a build from outside replaces them by the published v0.X.Y that belongs to v1.X.Y. Releases
 * before 1.26 pin their dependencies by further replacements, which count only in a main module.
 * The etcd server takes the version of the etcd client that the release itself requires.
 */
export async function buildRecipe(release: string): Promise<Recipe> {
  const module = `k8s.io/kubernetes@v${release}`;
  const { GoMod: file } = JSON.parse(await go(['mod', 'download', '-json', module])) as { GoMod: string };
  const theirs = JSON.parse(await go(['mod', 'edit', '-json', file])) as GoModJson;
  const version = (path: string) => theirs.Require.find(({ Path }) => Path === path)?.Version;
  const client = version('go.etcd.io/etcd/client/v3');
  const etcd = client ?? version('go.etcd.io/etcd');
  if (etcd === undefined) throw new Error(`${module} requires no etcd client: its go.mod has changed shape`);
  const server = client === undefined ? 'go.etcd.io/etcd' : 'go.etcd.io/etcd/server/v3';
  const published = `v0.${release.split('.').slice(1).join('.')}`;
  const replacements = (theirs.Replace ?? []).map(({ Old, New }) => {
    const replacement = New.Path.startsWith('./staging/')
      ? `${Old.Path} ${published}`
      : `${New.Path} ${RUNS_TODAY[`${New.Path} ${New.Version}`] ?? New.Version}`;
    return `\t${Old.Path}${Old.Version === undefined ? '' : ` ${Old.Version}`} => ${replacement}`;
  });
  const goMod = [
    'module control-plane',
    '',
    `go ${theirs.Go}`,
    '',
    ...(theirs.Godebug ?? []).map(({ Key, Value }) => `godebug ${Key}=${Value}`),
    '',
    'require (',
    `\t${server} ${etcd}`,
    `\tk8s.io/kubernetes v${release}`,
    ')',
    '',
    'replace (',
    ...replacements,
    ')',
    '',
  ].join('\n');
  return { goMod, embed: `${server}/embed` };
}
