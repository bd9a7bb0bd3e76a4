import { at, type Json, type JsonObject, own } from '../../core/base/json.ts';
import { type ChartImage, OPERATOR_VERSION, ROOT } from '../../core/helm/chart.ts';

/** The version of meta, chunk and redirector that the 1.0 charts bring. */
const APP_VERSION = 'v5.3.0-rc13';

/** What is known of a tag. `chart`: it depends on the chart's own version. `none`: the object carries none. */
export type RenderedTag = { readonly is: 'known'; readonly tag: Json } | { readonly is: 'chart' | 'none' };

/** The tag of an image: the one written, or what the chart puts together where none is. From IOMesh 1.2 on there is none. */
export function renderedTag(values: JsonObject, image: ChartImage, version: '1.0' | '1.2'): RenderedTag {
  const written = at(values, [...image.values, 'tag']);
  if (written !== undefined && written !== null && written !== '') return { is: 'known', tag: written };
  if (image.group === 'operator') {
    const tag = text(at(values, OPERATOR_VERSION));
    return tag === undefined ? { is: 'chart' } : { is: 'known', tag };
  }
  if (image.group !== 'zbs') return { is: 'chart' };
  if (version !== '1.0') return { is: 'none' };
  const iomesh = own(values, ROOT);
  const platform = text(own(iomesh, 'platform')) === 'hygon_x86_64' ? '-hygon' : '';
  const edition = text(own(iomesh, 'edition')) ?? 'community';
  return { is: 'known', tag: `${text(own(iomesh, 'appVersion')) ?? APP_VERSION}-${edition}${platform}` };
}

/** A value as a template prints it; undefined for what counts as empty there. */
function text(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'bigint')
    return Number(value) === 0 ? undefined : String(value);
  return value === true ? 'true' : undefined;
}
