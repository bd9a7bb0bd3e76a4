import {
  asString,
  at,
  exactText,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  own,
} from '../../core/base/json.ts';
import type { Path } from '../../core/base/path.ts';
import { ROOT } from '../../core/helm/chart.ts';
import { locate } from '../locate.ts';
import { documentValue } from '../read.ts';
import type { ManifestFile, Span } from '../types.ts';
import { setMember } from '../yaml/compose.ts';
import { readValuesFile, type ValuesFile } from './read.ts';
import type { HelmRelease } from './render.ts';

/** A Helm release that an object in a file describes, with the values in it. */
export interface InlineRelease {
  readonly kind: 'HelmRelease' | 'Application';
  readonly release: HelmRelease;
  /** A later one wins. */
  readonly values: readonly ValuesFile[];
  /** Why the values are not read; undefined if they are complete. */
  readonly unread: string | undefined;
}

const KIND = /^ *["']?kind["']?: *["']?(HelmRelease|Application)\b/m;
const KNOWN = new WeakMap<ManifestFile, readonly InlineRelease[]>();

/** The releases of the IOMesh chart in a file: HelmReleases of Flux, and Applications of Argo CD. */
export function inlineReleases(file: ManifestFile): readonly InlineRelease[] {
  let known = KNOWN.get(file);
  if (known === undefined) {
    const mayHave = file.documents.some(({ status }) => status === 'foreign') && KIND.test(file.text);
    known = mayHave ? findReleases(file) : [];
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
  const layers = isObject(values) ? [{ file, json: values, at: { documentIndex: index, path } }] : [];
  const from = at(json, ['spec', 'valuesFrom']);
  if (!isIomesh(layers, at(json, ['spec', 'chart', 'spec', 'chart']), isFilled(from) ? from : undefined))
    return [];
  const release = {
    name: asString(at(json, ['spec', 'releaseName'])) ?? (target === undefined ? name : `${target}-${name}`),
    namespace: target ?? asString(at(json, ['metadata', 'namespace'])) ?? 'default',
  };
  return [
    {
      kind: 'HelmRelease',
      release,
      values: layers,
      unread: isFilled(from) ? moreIn('spec.valuesFrom') : undefined,
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
    const helm = own(each, 'helm');
    const path = [...source, 'helm'];
    const { layers, unread } = argoLayers(file, index, path, helm);
    const others = ['valueFiles', 'fileParameters'].find((key) => isFilled(own(helm, key)));
    const reason = unread ?? (others === undefined ? undefined : moreIn([...path, others].join('.')));
    if (!isIomesh(layers, own(each, 'chart'), reason === undefined ? undefined : helm)) return [];
    const release = {
      name: asString(own(helm, 'releaseName')) ?? asString(at(json, ['metadata', 'name'])) ?? '',
      namespace: asString(at(json, ['spec', 'destination', 'namespace'])) ?? 'default',
    };
    return [{ kind: 'Application', release, values: layers, unread: reason }];
  });
}

interface Layers {
  /** A later one wins. */
  readonly layers: readonly ValuesFile[];
  readonly unread: string | undefined;
}

/** The values of a source, as Argo CD passes them to Helm: `valuesObject` or else `values`, then `parameters`. */
function argoLayers(file: ManifestFile, index: number, helm: Path, json: Json | undefined): Layers {
  const layers: ValuesFile[] = [];
  const object = own(json, 'valuesObject');
  const text = own(json, 'values');
  if (isObject(object))
    layers.push({ file, json: object, at: { documentIndex: index, path: [...helm, 'valuesObject'] } });
  else if (typeof text === 'string' && text.trim() !== '') {
    const path = [...helm, 'values'];
    const { values, problem } = valuesInText(file, index, path, text);
    if (values === undefined) return { layers, unread: `${path.join('.')} cannot be read: ${problem}` };
    layers.push(values);
  }
  const parameters = own(json, 'parameters');
  for (const [position, each] of (isArray(parameters) ? parameters : []).entries()) {
    const path = [...helm, 'parameters', position, 'value'];
    const values = parameterValues(each);
    if (values === undefined) return { layers, unread: moreIn([...helm, 'parameters'].join('.')) };
    layers.push({ file: inText(file), json: values, at: { documentIndex: index, path } });
  }
  return { layers, unread: undefined };
}

/** A copy, because fixes edit the files of the input. */
function inText(file: ManifestFile): ManifestFile {
  return { ...file, isInText: true };
}

/** The values in a text. A finding in a literal block (`|`) is shown in its line, in other texts at the field. */
function valuesInText(
  file: ManifestFile,
  index: number,
  path: Path,
  text: string,
): { readonly values?: ValuesFile; readonly problem?: string } {
  const { json, file: read } = readValuesFile(file.name, text);
  if (json === undefined) return { problem: read.errors[0]?.message ?? 'it is no mapping' };
  const span = locate(file, index, path).value;
  const lines = span === undefined ? undefined : blockLines(file.text, span);
  const inLines = lines === undefined ? undefined : readValuesFile(file.name, lines);
  if (inLines?.json !== undefined && exactText(inLines.json) === exactText(json))
    return { values: { ...inLines, file: inText(inLines.file) } };
  return { values: { file: inText(file), json, at: { documentIndex: index, path } } };
}

/** The text of a file with blanks in place of all but the lines of a literal block, so that positions are those of the file. */
function blockLines(text: string, { start, end }: Span): string | undefined {
  const header = /^\|[^\r\n]*(?:\r\n|\r|\n)/.exec(text.slice(start, end))?.[0];
  if (header === undefined) return undefined;
  const from = start + header.length;
  const blank = (part: string): string => part.replace(/[^\r\n]/g, ' ');
  return blank(text.slice(0, from)) + text.slice(from, end) + blank(text.slice(end));
}

/**
 * The values that `--set` makes of a parameter (https://helm.sh/docs/intro/using_helm/#the-format-and-limitations-of---set);
 * undefined for one with a list, an index or an escape.
 */
function parameterValues(parameter: Json): JsonObject | undefined {
  const name = asString(own(parameter, 'name')) ?? '';
  const given = own(parameter, 'value') ?? '';
  const value = asString(given);
  if (!/^[^.[\]\\=,{}]+(?:\.[^.[\]\\=,{}]+)*$/.test(name)) return undefined;
  if (value === undefined || /^\{|[\\$]/.test(value)) return undefined;
  const leaf: Json = own(parameter, 'forceString') === true ? value : setValue(value);
  const [root = '', ...keys] = name.split('.');
  return member(
    root,
    keys.reduceRight<Json>((below, key) => member(key, below), leaf),
  );
}

function member(key: string, value: Json): JsonObject {
  const object: Record<string, Json> = {};
  setMember(object, key, value);
  return object;
}

/** A value of `--set`: only these are not strings. */
function setValue(text: string): Json {
  if (text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  return /^(?:0|-?[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}

function moreIn(field: string): string {
  return `more of them are in ${field}`;
}

function isFilled(list: Json | undefined): boolean {
  return isArray(list) && list.length > 0;
}

/**
 * True for values of the IOMesh chart, which an umbrella chart would have below another key. `incomplete` are values
 * of which a part is not here: then a name decides.
 */
function isIomesh(
  layers: readonly ValuesFile[],
  chart: Json | undefined,
  incomplete: Json | undefined,
): boolean {
  if (chart !== undefined && !NAME.test(String(chart))) return false;
  if (layers.some(({ json }) => isObject(own(json, ROOT)))) return true;
  return incomplete !== undefined && NAME.test(chart === undefined ? exactText(incomplete) : String(chart));
}

/** A name of the chart, not of ours. */
const NAME = /iomesh(?!-guard)/i;
