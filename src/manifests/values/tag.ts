import { at, type Json, type JsonObject, own } from '../../core/json.ts';
import { type ChartImage, OPERATOR_VERSION, ROOT } from '../../core/values/chart.ts';

/** The version of meta, chunk and redirector that the 1.0 charts bring. */
const APP_VERSION = 'v5.3.0-rc13';

/**
 * The tag of an image: the one written, or what the chart puts together where none is. `unknown` where
 * it depends on the chart's own version; undefined where the object carries no tag, as from IOMesh 1.2 on.
 */
export function renderedTag(
  values: JsonObject,
  image: ChartImage,
  version: '1.0' | '1.2',
): Json | 'unknown' | undefined {
  const written = at(values, [...image.values, 'tag']);
  if (written !== undefined && written !== null && written !== '') return written;
  if (image.group === 'operator') return text(at(values, OPERATOR_VERSION)) ?? 'unknown';
  if (image.group !== 'zbs') return 'unknown';
  if (version !== '1.0') return undefined;
  const iomesh = own(values, ROOT);
  const platform = text(own(iomesh, 'platform')) === 'hygon_x86_64' ? '-hygon' : '';
  return `${text(own(iomesh, 'appVersion')) ?? APP_VERSION}-${text(own(iomesh, 'edition')) ?? 'community'}${platform}`;
}

/** A value as a template prints it; undefined for what counts as empty there. */
function text(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'bigint')
    return Number(value) === 0 ? undefined : String(value);
  return value === true ? 'true' : undefined;
}
