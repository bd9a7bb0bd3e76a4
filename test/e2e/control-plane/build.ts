import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { go } from './go.ts';
import { buildRecipe } from './go-mod.ts';
import { copyWithDefinitions, lacksDefinitions } from './openapi-definitions.ts';
import { cacheHome } from '../../support/cache-home.ts';

const HERE = import.meta.dirname;
const SOURCES = ['main.go', 'kubectl/main.go', 'kubectl/main_before_1_23.go', 'go-mod.ts'];
const BINARIES = ['control-plane', 'kubectl'];
const TELL_EVERY_MS = 20_000;

/**
 * The folder with `control-plane` and `kubectl` of a Kubernetes release, built on first use and cached outside
 * the repository by release and hash of the sources. A build takes minutes; `tell` receives its progress. A build
 * that fails or is interrupted leaves no incomplete folder.
 */
export async function builtBinaries(release: string, tell: (line: string) => void): Promise<string> {
  const cache = join(cacheHome(), 'control-plane');
  const folder = join(cache, `${release}-${sourcesHash(release)}`);
  if (isWhole(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  sweep(cache);
  const work = join(cache, `.building-${process.pid}-${release}`);
  const remove = () => rmSync(work, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const started = Date.now();
    tell(
      `Kubernetes ${release}: building etcd, kube-apiserver and kubectl from Go modules, once; this takes 6 minutes on two idle cores`,
    );
    await compile(release, work, (packages) => {
      tell(`Kubernetes ${release}: building for ${duration(started)}, ${packages} packages compiled`);
    });
    publish(join(work, 'bin'), folder);
    tell(`Kubernetes ${release}: built in ${duration(started)}, kept in ${folder}`);
    return folder;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Kubernetes ${release} cannot be built: ${why}\n` +
        'Go modules must be within reach (go env GOPROXY). Otherwise name a folder with kube-apiserver, etcd and kubectl: KUBEBUILDER_ASSETS=DIR',
    );
  } finally {
    remove();
    process.off('exit', remove);
  }
}

async function compile(release: string, work: string, progress: (packages: number) => void): Promise<void> {
  mkdirSync(join(work, 'bin'), { recursive: true });
  const { goMod, embed } = await buildRecipe(release);
  const main = readFileSync(join(HERE, 'main.go'), 'utf8');
  writeFileSync(join(work, 'main.go'), main.replace('go.etcd.io/etcd/server/v3/embed', embed));
  cpSync(join(HERE, 'kubectl'), join(work, 'kubectl'), { recursive: true });
  if (lacksDefinitions(release)) {
    await copyWithDefinitions(release, join(work, 'kubernetes'));
    writeFileSync(join(work, 'go.mod'), `${goMod}\nreplace k8s.io/kubernetes => ./kubernetes\n`);
  } else writeFileSync(join(work, 'go.mod'), goMod);
  let packages = 0;
  const timer = setInterval(() => progress(packages), TELL_EVERY_MS);
  try {
    await go(buildArguments(release), {
      cwd: work,
      env: { CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' },
      onLine: (line) => {
        if (!line.startsWith('go: ')) packages += 1;
      },
    });
  } finally {
    clearInterval(timer);
  }
}

function buildArguments(release: string): string[] {
  const [major, minor] = release.split('.');
  const version = 'k8s.io/component-base/version';
  // The version for `kubectl version` and for the feature gates of kube-apiserver.
  const flags = [
    '-s',
    '-w',
    `-X ${version}.gitVersion=v${release}`,
    `-X ${version}.gitMajor=${major}`,
    `-X ${version}.gitMinor=${minor}`,
    // The kubectl of older releases has its version here. Their dependencies refer to unexported names of Go's
    // runtime: https://go.dev/doc/go1.23#linker
    ...(Number(minor) < 30
      ? [`-X k8s.io/client-go/pkg/version.gitVersion=v${release}`, '-checklinkname=0']
      : []),
  ];
  // -mod=mod fills in the indirect requirements; -v names each package as it is compiled.
  const tags = Number(minor) < 23 ? ['-tags', 'before_1_23'] : [];
  const how = ['-v', '-mod=mod', ...tags, '-trimpath', '-buildvcs=false', '-ldflags', flags.join(' ')];
  return ['build', ...how, '-o', 'bin/', '.', './kubectl'];
}

/** Moves the finished folder into place in one step; if another run was faster, its result stays. */
function publish(from: string, folder: string): void {
  try {
    renameSync(from, folder);
  } catch (error) {
    if (!isWhole(folder)) throw error;
  }
}

/** Removes the files of a killed build. */
function sweep(cache: string): void {
  for (const name of readdirSync(cache)) {
    const pid = /^\.building-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid)))
      rmSync(join(cache, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isWhole(folder: string): boolean {
  return BINARIES.every((name) => existsSync(join(folder, name)));
}

function sourcesHash(release: string): string {
  const hash = createHash('sha256').update(JSON.stringify(buildArguments(release)));
  const sources = lacksDefinitions(release) ? [...SOURCES, 'openapi-definitions.ts'] : SOURCES;
  for (const name of sources) hash.update(`\0${name}\0`).update(readFileSync(join(HERE, name)));
  return hash.digest('hex').slice(0, 16);
}

function duration(since: number): string {
  const seconds = Math.round((Date.now() - since) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
