import { existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { atLeast, type IomeshVersion } from '../../core/base/iomesh-version.ts';
import { asString, type JsonObject, own } from '../../core/base/json.ts';
import { variantOf } from '../../core/iomesh/images.ts';
import { chartTags, type ChartVersions, type UpgradeTarget } from '../../core/plan/chart-tags.ts';
import type { World } from '../../core/world.ts';
import { readValuesFile } from '../../manifests/helm/read.ts';
import { lineColumn } from '../../manifests/locate.ts';
import { describeError } from '../../system-error.ts';
import { readWholeFile } from '../../read-file.ts';
import { UsageError } from '../../usage-error.ts';

const EXAMPLE = 'iomesh-guard plan upgrade --to TAG';
const ZBS_COMPONENTS = ['meta', 'chunk', 'redirector'];

/**
 * What `--to` names: the folder of a chart, a file of Helm values, or a tag. Throws a UsageError for anything
 * else.
 */
export function upgradeTarget(text: string, world: World, cwd: string): UpgradeTarget {
  const path = resolve(cwd, text);
  if (existsSync(path)) return chartTarget(text, path, world);
  if (/[/\\]|\.(ya?ml|tgz)$/.test(text)) throw new UsageError(`--to ${text} does not exist`, EXAMPLE);
  if (/^v?1\.\d+(\.\d+)?$/.test(text))
    throw new UsageError(
      `--to ${text} is a version of the chart, not an image tag of meta, chunk and redirector`,
      `helm pull iomesh/iomesh --version ${text} --untar, then iomesh-guard plan upgrade --to iomesh`,
    );
  // https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pulling-manifests
  if (!/^\w[\w.-]{0,127}$/.test(text))
    throw new UsageError(`--to ${JSON.stringify(text)} is not an image tag`, EXAMPLE);
  return { tags: new Map(ZBS_COMPONENTS.map((component) => [component, text])), source: `--to ${text}` };
}

function chartTarget(text: string, path: string, world: World): UpgradeTarget {
  if (text.endsWith('.tgz'))
    throw new UsageError(
      `--to ${text} is a packed chart, which is not read`,
      `tar -xf ${text}, then name the folder`,
    );
  const isFolder = statSync(path).isDirectory();
  const values = readYamlObject(isFolder ? join(path, 'values.yaml') : path, text);
  const chart = isFolder ? readYamlObject(join(path, 'Chart.yaml'), text) : {};
  const versions: ChartVersions = {
    version: asString(own(chart, 'version')),
    appVersion: asString(own(chart, 'appVersion')),
  };
  const { management } = world;
  const variant = (field: 'edition' | 'platform') =>
    management === undefined ? '' : (variantOf(world, management, field) ?? '');
  const installed = { edition: variant('edition'), platform: variant('platform') };
  return {
    tags: chartTags(values, versions, installed, releaseOfChart(versions) ?? world.iomeshVersion),
    source: isFolder ? `chart ${text}` : `values ${text}`,
    chart: { path: isFolder && !text.includes('/') ? `./${text}` : text, valuesFile: !isFolder },
  };
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

function readYamlObject(path: string, given: string): JsonObject {
  let bytes: Uint8Array;
  try {
    bytes = readWholeFile(path);
  } catch (error) {
    throw new UsageError(
      `cannot read ${basename(path)} of --to ${given}: ${describeError(error)}`,
      'name the folder of a chart, which has Chart.yaml and values.yaml, or a file of Helm values',
    );
  }
  const { json, file, manifest } = readValuesFile(path, bytes);
  if (manifest !== undefined)
    throw new UsageError(`--to ${given} is a Kubernetes object (${manifest}), not Helm values`, EXAMPLE);
  if (json !== undefined) return json;
  const error = file.errors[0];
  const { line, column } = lineColumn(file, error?.start ?? 0);
  throw new UsageError(
    `cannot read ${basename(path)}:${line}:${column} of --to ${given}: ${error?.message ?? 'no values'}`,
    EXAMPLE,
  );
}
