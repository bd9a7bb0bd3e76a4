import { atLeast, type IomeshVersion } from '../base/iomesh-version.ts';
import { asString, at, type Json, type JsonObject } from '../base/json.ts';
import { CHART_IMAGES, OPERATOR_VERSION, ROOT } from '../helm/chart.ts';

/** The tags that an upgrade leads to, by component. */
export interface UpgradeTarget {
  readonly tags: ReadonlyMap<string, string>;
  /** Where the tags are from, for a message. */
  readonly source: string;
  /** The chart that helm upgrade installs; undefined if only tags are known. */
  readonly chart?:
    | {
        readonly path: string;
        readonly valuesFile: boolean;
        /** The values of the installed release are part of the tags. */
        readonly knowsRelease: boolean;
      }
    | undefined;
}

/** What a chart says beside its values: `version` and `appVersion` of Chart.yaml. */
export interface ChartVersions {
  readonly version?: string | undefined;
  readonly appVersion?: string | undefined;
}

/** The edition and platform that the installed cluster keeps, as the values have them. */
export interface InstalledVariant {
  readonly edition: string;
  readonly platform: string;
}

/**
 * The tags that a chart's values give. From IOMesh 1.1 on, the values do not decide the tags of meta, chunk
 * and redirector: the operator chooses them.
 */
export function chartTags(
  values: JsonObject,
  chart: ChartVersions,
  installed: InstalledVariant,
  release: IomeshVersion,
): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const { component, group, values: section } of CHART_IMAGES) {
    const written = text(at(values, [...section, 'tag']));
    const tag =
      written ??
      (group === 'zbs'
        ? atLeast(release, '1.1')
          ? undefined
          : zbsTag(values, chart, installed)
        : group === 'operator'
          ? (text(at(values, OPERATOR_VERSION)) ?? chart.version)
          : undefined);
    if (tag !== undefined) tags.set(component, tag);
  }
  return tags;
}

function zbsTag(
  values: JsonObject,
  { appVersion }: ChartVersions,
  installed: InstalledVariant,
): string | undefined {
  const version = text(at(values, [ROOT, 'appVersion'])) ?? appVersion;
  if (version === undefined) return undefined;
  const edition = text(at(values, [ROOT, 'edition'])) ?? (installed.edition || 'community');
  const platform = text(at(values, [ROOT, 'platform'])) ?? installed.platform;
  return `${version}-${edition}${platform === 'hygon_x86_64' ? '-hygon' : ''}`;
}

/** A text or a number of values; undefined for one that is empty. */
function text(value: Json | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  const found = asString(value);
  return found === '' ? undefined : found;
}
