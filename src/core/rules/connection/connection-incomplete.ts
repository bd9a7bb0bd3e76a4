import type { FixEdit } from '../../base/edits.ts';
import { asString, at, isObject, own } from '../../base/json.ts';
import { displayName, type Resource } from '../../base/model.ts';
import { suggest } from '../../base/suggest.ts';
import { isBlankText, joined, quoted } from '../../base/text.ts';
import { mutate } from '../../defaults/mutate.ts';
import type { Fix, RelatedPlace } from '../../finding.ts';
import { reclassifiedConfigMaps } from '../../iomesh/affected.ts';
import {
  CONNECTION_KEYS,
  type ConnectionKey,
  connectionValue,
  isConnection,
  MAX_CONNECTION_KEYS,
  META_PORT,
} from '../../iomesh/connection.ts';
import { classesOfConnection } from '../../iomesh/storage-class.ts';
import type { Rule } from '../../rule.ts';
import { readString } from '../../schema/read-field.ts';
import type { World } from '../../world.ts';

/** IOM205: a connection ConfigMap holds all three keys. */
export const connectionIncomplete: Rule = {
  code: 'IOM205',
  name: 'connection-incomplete',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  waivedBy: 'owner',
  kinds: ['ConfigMap'],

  check(subject, world, report) {
    if (!isConnection(world, subject)) return;
    const missing = CONNECTION_KEYS.filter((key) => isMissing(world, subject, key));
    const [first] = missing;
    if (first === undefined) return;
    const gaps = gapsOf(world, subject, missing);
    const path = ['data', gaps[0]?.misspelling ?? first];
    report({
      path: gaps.length === 1 ? path : ['data'],
      part: gaps.length === 1 && gaps[0]?.isEmpty ? 'value' : 'key',
      message: `connection ConfigMap ${displayName(subject.ref)} ${gapsText(gaps)}`,
      help: gaps.map((gap) => advice(gap, world)).join('; '),
      // The same finding wherever the key is written.
      identity: subject.key,
      evidence: missing,
      fix: fixOf(gaps),
      related: missing.length === CONNECTION_KEYS.length ? namedBy(world, subject) : [],
    });
  },

  affected: reclassifiedConfigMaps,
};

/** One key without a value. */
interface Gap {
  readonly key: ConnectionKey;
  /** The key is set, to nothing. */
  readonly isEmpty: boolean;
  /** Another key of the ConfigMap that most likely means this one. */
  readonly misspelling: string | undefined;
  /** The value that the mutating webhook would fill in. */
  readonly value: string | undefined;
}

/** True for a key that is absent or blank; a value of a wrong type is IOM005. */
function isMissing(world: World, connection: Resource, key: ConnectionKey): boolean {
  const field = readString(world, connection, ['data', key]);
  return field.state === 'absent' || (field.state === 'present' && isBlankText(field.value));
}

function gapsOf(world: World, connection: Resource, missing: readonly ConnectionKey[]): readonly Gap[] {
  const filled = mutate(withoutBlanks(connection), world, 'CREATE').resource;
  return missing.map((key) => ({
    key,
    isEmpty: connectionValue(connection, key) !== undefined,
    misspelling: misspellingOf(connection, key),
    value: asString(at(filled.json, ['data', key])),
  }));
}

/** The ConfigMap without its blank keys, which defaulting would leave as they are. */
function withoutBlanks(connection: Resource): Resource {
  const data = own(connection.json, 'data');
  if (!isObject(data)) return connection;
  const kept = Object.entries(data).filter(
    ([key, value]) =>
      !(CONNECTION_KEYS as readonly string[]).includes(key) ||
      typeof value !== 'string' ||
      !isBlankText(value),
  );
  return { ...connection, json: { ...connection.json, data: Object.fromEntries(kept) } };
}

function misspellingOf(connection: Resource, key: ConnectionKey): string | undefined {
  const data = own(connection.json, 'data');
  const keys = isObject(data) ? Object.keys(data) : [];
  // An empty key is spelled right.
  if (keys.length > MAX_CONNECTION_KEYS || connectionValue(connection, key) !== undefined) return undefined;
  return keys.find((each) => suggest(each, CONNECTION_KEYS) === key);
}

/** `has no clusterId and an empty metaAddr`, to follow the name of the ConfigMap. */
function gapsText(gaps: readonly Gap[]): string {
  const misspelled = gaps.filter((each) => each.misspelling !== undefined);
  const empty = gaps.filter((each) => each.misspelling === undefined && each.isEmpty);
  const absent = gaps.filter((each) => each.misspelling === undefined && !each.isEmpty);
  const parts = [
    ...absent.map((each) => `no ${each.key}`),
    ...empty.map((each) => `an empty ${each.key}`),
    ...misspelled.map((each) => `${quoted(each.misspelling!)} instead of ${each.key}`),
  ];
  return `has ${joined(parts)}`;
}

/** A StorageClass that makes this ConfigMap without any of the keys a connection. */
function namedBy(world: World, subject: Resource): readonly RelatedPlace[] {
  return classesOfConnection(world, subject.ref)
    .slice(0, 1)
    .map((each) => ({
      resource: each,
      path: ['parameters', 'clusterConnection'],
      message: `StorageClass ${displayName(each.ref)} names it in clusterConnection`,
    }));
}

function advice({ key, misspelling, value }: Gap, world: World): string {
  if (misspelling !== undefined) return `rename data.${misspelling} to data.${key}`;
  if (value !== undefined) return `set data.${key} to ${JSON.stringify(value)}`;
  return key === 'clusterId'
    ? 'set data.clusterId to a name for this Kubernetes cluster, the same in every connection ConfigMap'
    : `set data.${key} to "<cluster>-meta-client.<namespace>.svc.${world.config.clusterDomain}:${META_PORT}", with the name and namespace of its cluster`;
}

/** Only edits that complete the ConfigMap: a part of them would leave the finding. */
function fixOf(gaps: readonly Gap[]): Fix {
  const edits = gaps.map(editOf).filter((each) => each !== undefined);
  const keys = joined(gaps.map((each) => each.key));
  if (edits.length < gaps.length) return { safety: 'shown', description: `set ${keys}` };
  // The webhook fills an absent key with the same value; another value or key was written by someone.
  const isWritten = gaps.some((each) => each.isEmpty || each.misspelling !== undefined);
  return { safety: isWritten ? 'unsafe' : 'safe', description: `set ${keys}`, edits };
}

function editOf({ key, misspelling, isEmpty, value }: Gap): FixEdit | undefined {
  const path = ['data', key];
  if (misspelling !== undefined) return { op: 'move', from: ['data', misspelling], path };
  return value === undefined ? undefined : { op: isEmpty ? 'replace' : 'add', path, value };
}
