/** What a connection ConfigMap lacks, and what would fill it. */
import { CONNECTION_KEYS, type ConnectionKey, connectionValue, isBlank } from '../../iomesh/connection.ts';
import { mutate } from '../../defaults/index.ts';
import { readString } from '../../schema/read-field.ts';
import { asString, at, isObject, own } from '../../base/json.ts';
import type { Resource } from '../../base/model.ts';
import { suggest } from '../../base/suggest.ts';
import { joined, quoted } from '../../base/text.ts';
import type { World } from '../../world.ts';

/** One key that a connection ConfigMap lacks. */
export interface Gap {
  readonly key: ConnectionKey;
  /** It is there, without a value. */
  readonly isEmpty: boolean;
  /** A key of the ConfigMap that was most likely meant to be it. */
  readonly misspelt: string | undefined;
  /** What the mutating webhook would fill. */
  readonly value: string | undefined;
}

/** More keys than these are no connection's, and nobody mistyped one of them. */
const MAX_KEYS = 250;

/** True for a key that is absent or blank; one of a wrong type is another fault. */
export function isMissing(world: World, connection: Resource, key: ConnectionKey): boolean {
  const field = readString(world, connection, ['data', key]);
  return field.state === 'absent' || (field.state === 'present' && isBlank(field.value));
}

/** The gaps that missing keys leave. */
export function gapsOf(
  world: World,
  connection: Resource,
  missing: readonly ConnectionKey[],
): readonly Gap[] {
  const whole = mutate(withoutBlanks(connection), world, 'CREATE').resource;
  return missing.map((key) => ({
    key,
    isEmpty: connectionValue(connection, key) !== undefined,
    misspelt: misspeltKey(connection, key),
    value: asString(at(whole.json, ['data', key])),
  }));
}

/** The gaps in words, to stand after the ConfigMap's name. */
export function sayGaps(gaps: readonly Gap[]): string {
  const misspelt = gaps.filter((each) => each.misspelt !== undefined);
  const empty = gaps.filter((each) => each.misspelt === undefined && each.isEmpty);
  const absent = gaps.filter((each) => each.misspelt === undefined && !each.isEmpty);
  return [
    ...(absent.length > 0 ? [`lacks ${joined(absent.map((each) => each.key))}`] : []),
    ...(empty.length > 0 ? [`holds an empty ${joined(empty.map((each) => each.key))}`] : []),
    ...misspelt.map((each) => `holds ${quoted(each.misspelt!)} where ${each.key} is due`),
  ].join(' and ');
}

/** Defaults leave alone what somebody wrote, be it blank. */
function withoutBlanks(connection: Resource): Resource {
  const data = own(connection.json, 'data');
  if (!isObject(data)) return connection;
  const kept = Object.entries(data).filter(
    ([key, value]) =>
      !(CONNECTION_KEYS as readonly string[]).includes(key) || typeof value !== 'string' || !isBlank(value),
  );
  return { ...connection, json: { ...connection.json, data: Object.fromEntries(kept) } };
}

function misspeltKey(connection: Resource, key: ConnectionKey): string | undefined {
  const data = own(connection.json, 'data');
  const keys = isObject(data) ? Object.keys(data) : [];
  if (keys.length > MAX_KEYS) return undefined;
  // A key that is there, if empty, is not meant by another.
  if (connectionValue(connection, key) !== undefined) return undefined;
  return keys.find((each) => suggest(each, CONNECTION_KEYS) === key);
}
