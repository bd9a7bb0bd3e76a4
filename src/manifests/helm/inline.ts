import { asString, at, isArray, isObject, type Json, type JsonObject, own } from '../../core/base/json.ts';
import type { Path } from '../../core/base/path.ts';
import { ROOT } from '../../core/helm/chart.ts';
import { documentValue } from '../read.ts';
import type { ManifestFile } from '../types.ts';
import type { ValuesFile } from './read.ts';
import type { HelmRelease } from './render.ts';

/** A Helm release that an object in a file describes, with the values in it. */
export interface InlineRelease {
  readonly kind: 'HelmRelease' | 'Application';
  readonly release: HelmRelease;
  readonly values: ValuesFile;
  /** A field with values that are elsewhere; undefined if the values are complete. */
  readonly elsewhere: string | undefined;
}

const KIND = /^ *["']?kind["']?: *["']?(HelmRelease|Application)\b/m;
const KNOWN = new WeakMap<ManifestFile, readonly InlineRelease[]>();

/** The releases of the IOMesh chart in a file: HelmReleases of Flux, and Applications of Argo CD. */
export function inlineReleases(file: ManifestFile): readonly InlineRelease[] {
  let known = KNOWN.get(file);
  if (known === undefined) {
    known = KIND.test(file.text) ? findReleases(file) : [];
    KNOWN.set(file, known);
  }
  return known;
}

function findReleases(file: ManifestFile): readonly InlineRelease[] {
  return file.documents.flatMap(({ index, status, start, end }) => {
    if (status !== 'foreign' || !KIND.test(file.text.slice(start, end))) return [];
    const json = documentValue(file, index);
    const group = (asString(own(json, 'apiVersion')) ?? '').split('/')[0];
    const kind = own(json, 'kind');
    if (kind === 'HelmRelease' && group === 'helm.toolkit.fluxcd.io') return fromFlux(file, index, json);
    if (kind === 'Application' && group === 'argoproj.io') return fromArgo(file, index, json);
    return [];
  });
}

/** https://fluxcd.io/flux/components/helm/helmreleases/ */
function fromFlux(file: ManifestFile, index: number, json: Json): readonly InlineRelease[] {
  const name = asString(at(json, ['metadata', 'name'])) ?? '';
  const target = asString(at(json, ['spec', 'targetNamespace']));
  const path = ['spec', 'values'];
  const values = at(json, path);
  if (!isObject(values) || !isIomesh(values, at(json, ['spec', 'chart', 'spec', 'chart']))) return [];
  const release = {
    name: asString(at(json, ['spec', 'releaseName'])) ?? (target === undefined ? name : `${target}-${name}`),
    namespace: target ?? asString(at(json, ['metadata', 'namespace'])) ?? 'default',
  };
  const from = at(json, ['spec', 'valuesFrom']);
  return [
    {
      kind: 'HelmRelease',
      release,
      values: { file, json: values, at: { documentIndex: index, path } },
      elsewhere: isArray(from) && from.length > 0 ? 'spec.valuesFrom' : undefined,
    },
  ];
}

/** https://argo-cd.readthedocs.io/en/stable/user-guide/helm/ */
function fromArgo(file: ManifestFile, index: number, json: Json): readonly InlineRelease[] {
  const several = at(json, ['spec', 'sources']);
  const sources: readonly (readonly [Path, Json])[] = isArray(several)
    ? several.map((each, position) => [['spec', 'sources', position], each])
    : [[['spec', 'source'], at(json, ['spec', 'source']) ?? null]];
  return sources.flatMap(([source, each]): InlineRelease[] => {
    // With valuesObject Argo CD ignores the text in values, which has no fields of its own to show.
    const values = at(each, ['helm', 'valuesObject']);
    const path = [...source, 'helm', 'valuesObject'];
    if (!isObject(values) || !isIomesh(values, own(each, 'chart'))) return [];
    const release = {
      name: asString(at(each, ['helm', 'releaseName'])) ?? asString(at(json, ['metadata', 'name'])) ?? '',
      namespace: asString(at(json, ['spec', 'destination', 'namespace'])) ?? 'default',
    };
    const others = ['valueFiles', 'parameters', 'fileParameters'].find((key) => {
      const list = at(each, ['helm', key]);
      return isArray(list) && list.length > 0;
    });
    return [
      {
        kind: 'Application',
        release,
        values: { file, json: values, at: { documentIndex: index, path } },
        elsewhere: others === undefined ? undefined : [...source, 'helm', others].join('.'),
      },
    ];
  });
}

/** True for values of the IOMesh chart, which an umbrella chart would have below another key. */
function isIomesh(values: JsonObject, chart: Json | undefined): boolean {
  return isObject(own(values, ROOT)) && (chart === undefined || /iomesh/i.test(String(chart)));
}
