import { existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { atLeast, type IomeshVersion } from '../../core/base/iomesh-version.ts';
import { asString, type JsonObject, own } from '../../core/base/json.ts';
import { variantOf } from '../../core/iomesh/images.ts';
import { chartTags, type ChartVersions, type UpgradeTarget } from '../../core/plan/chart-tags.ts';
import type { World } from '../../core/world.ts';
import { mergeValues } from '../../manifests/helm/merge.ts';
import { readValuesFile } from '../../manifests/helm/read.ts';
import { lineColumn } from '../../manifests/locate.ts';
import { describeError } from '../../system-error.ts';
import { readWholeFile } from '../../read-file.ts';
import { UsageError } from '../../usage-error.ts';
import { readPackedChart } from './chart-archive.ts';

const EXAMPLE = 'iomesh-guard plan upgrade --to TAG';
const CHART_EXAMPLE = 'iomesh-guard plan upgrade --to ./iomesh';
const ZBS_COMPONENTS = ['meta', 'chunk', 'redirector'];

/** A file that the command line names. */
export interface GivenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * What `--to` names: the folder of a chart, a packed chart, a file of Helm values, or a tag. Throws a UsageError
 * for anything else.
 */
export function upgradeTarget(
  text: string,
  release: GivenFile | undefined,
  world: World,
  cwd: string,
): UpgradeTarget {
  const path = resolve(cwd, text);
  if (existsSync(path)) return chartTarget(text, path, release, world);
  if (/[/\\]|\.(ya?ml|tgz)$/.test(text)) throw new UsageError(`--to ${text} does not exist`, EXAMPLE);
  if (/^v?1\.\d+(\.\d+)?$/.test(text))
    throw new UsageError(
      `--to ${text} is a version of the chart, not an image tag of meta, chunk and redirector`,
      `helm pull iomesh/iomesh --version ${text}, then iomesh-guard plan upgrade --to iomesh-${text}.tgz`,
    );
  // https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pulling-manifests
  if (!/^\w[\w.-]{0,127}$/.test(text))
    throw new UsageError(`--to ${JSON.stringify(text)} is not an image tag`, EXAMPLE);
  if (release !== undefined)
    throw new UsageError(
      '--values needs a chart: an image tag takes no values',
      `${CHART_EXAMPLE} --values FILE`,
    );
  return { tags: new Map(ZBS_COMPONENTS.map((component) => [component, text])), source: `--to ${text}` };
}

function chartTarget(
  text: string,
  path: string,
  release: GivenFile | undefined,
  world: World,
): UpgradeTarget {
  const { values, chart, packed } = readChart(text, path);
  const isValues = chart === undefined;
  const versions: ChartVersions = {
    version: asString(own(chart ?? {}, 'version')),
    appVersion: asString(own(chart ?? {}, 'appVersion')),
  };
  const { management } = world;
  const variant = (field: 'edition' | 'platform') =>
    management === undefined ? '' : (variantOf(world, management, field) ?? '');
  const installed = { edition: variant('edition'), platform: variant('platform') };
  const given = release === undefined ? {} : parseValues(release, `--values ${release.name}`);
  const tags = chartTags(
    mergeValues(values, given),
    versions,
    installed,
    releaseOfChart(versions) ?? world.iomeshVersion,
  );
  if (tags.size === 0)
    throw new UsageError(
      `--to ${text} names no image tag of IOMesh`,
      `name the folder of the chart or its .tgz: ${CHART_EXAMPLE}`,
    );
  const source = isValues ? `values ${text}` : `chart ${text}`;
  return {
    tags,
    source: release === undefined ? source : `${source} with values ${release.name}`,
    chart: {
      path: !isValues && !packed && !text.includes('/') ? `./${text}` : text,
      valuesFile: isValues,
      knowsRelease: release !== undefined,
    },
  };
}

interface GivenChart {
  readonly values: JsonObject;
  /** Chart.yaml; undefined for a file of values. */
  readonly chart: JsonObject | undefined;
  readonly packed: boolean;
}

function readChart(text: string, path: string): GivenChart {
  const given = `--to ${text}`;
  if (statSync(path).isDirectory()) {
    const read = (name: string) => parseValues({ name, bytes: readNamed(join(path, name), given) }, given);
    return { values: read('values.yaml'), chart: read('Chart.yaml'), packed: false };
  }
  const bytes = readNamed(path, given);
  // A gzipped file, whatever its name.
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    if (/\.(tgz|tar\.gz)$/.test(text))
      throw new UsageError(`cannot read ${given}: it is not a gzipped archive`, CHART_EXAMPLE);
    return { values: parseValues({ name: basename(path), bytes }, given), chart: undefined, packed: false };
  }
  const files = packedFiles(bytes, given);
  const read = (name: string) => {
    const content = files.get(name);
    if (content === undefined)
      throw new UsageError(`cannot read ${given}: it has no ${name} in its top folder`, CHART_EXAMPLE);
    return parseValues({ name, bytes: content }, given);
  };
  return { values: read('values.yaml'), chart: read('Chart.yaml'), packed: true };
}

function packedFiles(bytes: Uint8Array, given: string): ReadonlyMap<string, Uint8Array> {
  try {
    return readPackedChart(bytes, ['Chart.yaml', 'values.yaml']);
  } catch (error) {
    throw new UsageError(`cannot read ${given}: ${describeError(error)}`, CHART_EXAMPLE);
  }
}

/** The release of IOMesh that the version of a chart names. */
function releaseOfChart({ version }: ChartVersions): IomeshVersion | undefined {
  const found = /^v?(1\.[012])\./.exec(version ?? '')?.[1];
  return found === undefined
    ? undefined
    : atLeast(found as IomeshVersion, '1.2')
      ? '1.2'
      : (found as IomeshVersion);
}

function readNamed(path: string, given: string): Uint8Array {
  try {
    return readWholeFile(path);
  } catch (error) {
    throw new UsageError(
      `cannot read ${basename(path)} of ${given}: ${describeError(error)}`,
      'name the folder of a chart, which has Chart.yaml and values.yaml, its .tgz, or a file of Helm values',
    );
  }
}

function parseValues({ name, bytes }: GivenFile, given: string): JsonObject {
  const { json, file, manifest } = readValuesFile(name, bytes);
  if (manifest !== undefined)
    throw new UsageError(`${given} is a Kubernetes object (${manifest}), not Helm values`, EXAMPLE);
  if (json !== undefined) return json;
  const error = file.errors[0];
  const { line, column } = lineColumn(file, error?.start ?? 0);
  throw new UsageError(
    `cannot read ${name}:${line}:${column} of ${given}: ${error?.message ?? 'no values'}`,
    EXAMPLE,
  );
}
