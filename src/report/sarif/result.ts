import type { ManifestFile } from '../../manifests/types.ts';
import { displayName, type ObjectRef } from '../../core/base/model.ts';
import { formatPath, type Path } from '../../core/base/path.ts';
import {
  type FromRoot,
  type LocatedFinding,
  type LocatedPlace,
  type Location,
  objectFile,
  shownAt,
} from '../located.ts';
import { sanitize } from '../../core/base/sanitize.ts';
import { truncate } from '../../core/base/text.ts';
import { lineHashes } from './line-hash.ts';

/** GitHub shows 100 locations per result, including the main one. */
export const MAX_RELATED_LOCATIONS = 99;
const MAX_MESSAGE = 4000;
const MAX_LABEL = 300;

/** Makes SARIF results, and caches the line hashes of each file. */
export class SarifResults {
  readonly #fromRoot: FromRoot;
  readonly #ruleIndex: ReadonlyMap<string, number>;
  readonly #hashes = new WeakMap<ManifestFile, readonly string[]>();

  constructor(fromRoot: FromRoot, ruleIndex: ReadonlyMap<string, number>) {
    this.#fromRoot = fromRoot;
    this.#ruleIndex = ruleIndex;
  }

  /** The result of one finding. */
  result(located: LocatedFinding, fingerprint: string): object {
    const { finding, related } = located;
    const { span, location } = shownAt(located);
    const linked = related.filter((each) => hasPlace(each)).slice(0, MAX_RELATED_LOCATIONS);
    const hash =
      span === undefined || location === undefined ? undefined : this.#hash(span.file, location.line);
    return {
      ruleId: finding.code,
      ruleIndex: this.#ruleIndex.get(finding.code),
      level: finding.severity,
      message: { text: messageText(located, linked) },
      locations: [this.#location(location, finding.object, finding.path)],
      relatedLocations:
        linked.length === 0
          ? undefined
          : linked.map((each, index) => ({
              id: index + 1,
              ...this.#location(each.location, each.place.resource?.ref, each.place.path),
              message: { text: withoutLinks(each.message) },
            })),
      partialFingerprints: {
        'iomeshGuardFinding/v1': fingerprint,
        primaryLocationLineHash: hash,
      },
    };
  }

  #location(location: Location | undefined, ref: ObjectRef | undefined, path: Path): object {
    return {
      physicalLocation: location === undefined ? ref && liveLocation(ref) : this.#physical(location),
      logicalLocations: ref && [logicalLocation(ref, path)],
    };
  }

  #physical(location: Location): object {
    const { kind, path } = this.#fromRoot(location.file);
    const uri = path.split('/').map(uriSegment).join('/');
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

/** An object of a live cluster gets a path that no file has, because GitHub shows no result without a file and a region. */
function liveLocation(ref: ObjectRef): object {
  return {
    artifactLocation: { uri: objectFile(ref).map(uriSegment).join('/') },
    region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
  };
}

function logicalLocation(ref: ObjectRef, path: Path): object {
  const field = formatPath(path);
  const object = `${ref.kind}/${displayName(ref)}`;
  return {
    name: withoutLinks(displayName(ref)),
    fullyQualifiedName: withoutLinks(field === '' ? object : `${object}:${field}`),
    kind: 'resource',
  };
}

function hasPlace({ location, place }: LocatedPlace): boolean {
  return location !== undefined || place.resource !== undefined;
}

/** The message, a link to each related place, and the help. */
function messageText({ finding }: LocatedFinding, linked: readonly LocatedPlace[]): string {
  const links = linked.map((each, index) => `[${linkText(each.message)}](${index + 1})`);
  const see = links.length === 0 ? '' : ` (${links.join('; ')})`;
  const help = finding.help === undefined ? '' : `\n${withoutLinks(finding.help)}`;
  return `${withoutLinks(finding.message)}${see}${help}`;
}

/** Untrusted text without a link. */
function withoutLinks(text: string): string {
  return truncate(sanitize(text), MAX_MESSAGE).replaceAll('](', '] (');
}

function linkText(text: string): string {
  return truncate(sanitize(text), MAX_LABEL).replaceAll(/[[\]\\]/g, (sign) => `\\${sign}`);
}

/** One part of a path, percent-encoded: a colon in the first part would make it a scheme. */
function uriSegment(text: string): string {
  // encodeURIComponent throws for a lone surrogate; the round trip replaces it.
  const encoded = encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'));
  const literal = /^\.{1,2}$/.test(encoded) ? /\./g : /[!'()*]/g;
  return encoded.replaceAll(literal, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
