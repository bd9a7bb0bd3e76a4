import { truncate } from '../../core/base/text.ts';
import type { ManifestFile } from '../../manifests/types.ts';
import { displayName, type ObjectRef } from '../../core/base/model.ts';
import { formatPath, type Path } from '../../core/base/path.ts';
import { type LocatedFinding, type LocatedPlace, type Location, shownAt } from '../located.ts';
import { objectFile } from '../place.ts';
import type { FromRoot } from '../report.ts';
import { sanitize } from '../../core/base/sanitize.ts';
import { lineHashes } from './line-hash.ts';

/** GitHub takes 1000 locations a result and shows 100. */
export const MAX_RELATED = 99;
const MAX_MESSAGE = 4000;
const MAX_LABEL = 300;

/** Makes SARIF results; keeps the line hashes of each file. */
export class SarifResults {
  readonly #fromRoot: FromRoot;
  readonly #ruleIndex: ReadonlyMap<string, number>;
  readonly #hashes = new WeakMap<ManifestFile, readonly string[]>();

  constructor(fromRoot: FromRoot, ruleIndex: ReadonlyMap<string, number>) {
    this.#fromRoot = fromRoot;
    this.#ruleIndex = ruleIndex;
  }

  /** One finding; `fingerprint` tells it from every other and stays the same when lines move. */
  result(located: LocatedFinding, fingerprint: string): object {
    const { finding, related } = located;
    const { span, location } = shownAt(located);
    const linked = related.filter((each) => hasPlace(each)).slice(0, MAX_RELATED);
    const hash =
      span === undefined || location === undefined ? undefined : this.#hash(span.file, location.line);
    return {
      ruleId: finding.code,
      ruleIndex: this.#ruleIndex.get(finding.code),
      level: finding.severity,
      message: { text: message(located, linked) },
      locations: [this.#location(location, finding.object, finding.path)],
      ...(linked.length === 0
        ? {}
        : {
            relatedLocations: linked.map((each, index) => ({
              id: index + 1,
              ...this.#location(each.location, each.place.resource?.ref, each.place.path),
              message: { text: plain(each.message) },
            })),
          }),
      partialFingerprints: {
        'iomeshGuardFinding/v1': fingerprint,
        ...(hash === undefined ? {} : { primaryLocationLineHash: hash }),
      },
    };
  }

  #location(location: Location | undefined, ref: ObjectRef | undefined, path: Path): object {
    return {
      ...(location === undefined && ref === undefined
        ? {}
        : { physicalLocation: location === undefined ? liveLocation(ref!) : this.#physical(location) }),
      ...(ref === undefined ? {} : { logicalLocations: [logical(ref, path)] }),
    };
  }

  #physical(location: Location): object {
    const { kind, path } = this.#fromRoot(location.file);
    const uri = path.split('/').map(segment).join('/');
    const artifactLocation =
      kind === 'outside'
        ? { uri: `file://${uri}` }
        : kind === 'input'
          ? { uri }
          : { uri, uriBaseId: '%SRCROOT%' };
    return {
      artifactLocation,
      region: {
        startLine: location.line,
        startColumn: location.column,
        endLine: location.endLine,
        endColumn: location.endColumn,
      },
    };
  }

  #hash(file: ManifestFile, line: number): string | undefined {
    let hashes = this.#hashes.get(file);
    if (hashes === undefined) {
      hashes = lineHashes(file.text);
      this.#hashes.set(file, hashes);
    }
    return hashes[line - 1];
  }
}

/** GitHub shows no result without a file and a region, so an object of a live cluster gets a name that no file has. */
function liveLocation(ref: ObjectRef): object {
  return {
    artifactLocation: { uri: objectFile(ref).map(segment).join('/') },
    region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
  };
}

function logical(ref: ObjectRef, path: Path): object {
  const field = formatPath(path);
  const object = `${ref.kind}/${displayName(ref)}`;
  return {
    name: plain(displayName(ref)),
    fullyQualifiedName: plain(field === '' ? object : `${object}:${field}`),
    kind: 'resource',
  };
}

function hasPlace({ location, place }: LocatedPlace): boolean {
  return location !== undefined || place.resource !== undefined;
}

/** The fact, a link to each of the other places, and what to do. */
function message({ finding }: LocatedFinding, linked: readonly LocatedPlace[]): string {
  const links = linked.map((each, index) => `[${linkText(each.message)}](${index + 1})`);
  const see = links.length === 0 ? '' : ` (${links.join('; ')})`;
  const help = finding.help === undefined ? '' : `\n${plain(finding.help)}`;
  return `${plain(finding.message)}${see}${help}`;
}

/** Text from outside that makes no link of its own. */
function plain(text: string): string {
  return truncate(sanitize(text), MAX_MESSAGE).replaceAll('](', '] (');
}

function linkText(text: string): string {
  return truncate(sanitize(text), MAX_LABEL).replaceAll(/[[\]\\]/g, (sign) => `\\${sign}`);
}

/** One part of a path, percent-encoded whole: a colon would else make a scheme of the first. */
function segment(text: string): string {
  // What cannot be written in UTF-8 cannot be encoded either.
  const encoded = encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'));
  const literal = /^\.{1,2}$/.test(encoded) ? /\./g : /[!'()*]/g;
  return encoded.replaceAll(literal, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
