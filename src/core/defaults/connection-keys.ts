import type { FixEdit } from '../base/edits.ts';
import { type ConnectionKey, CONNECTION_KEYS, isConnection } from '../iomesh/connection.ts';
import { at, isObject, own } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { suggest } from '../base/suggest.ts';
import type { World } from '../world.ts';
import { add } from './absent.ts';
import type { Operation } from './default.ts';

/** Nothing is filled among so many: no connection has them. */
const MAX_KEYS = 250;

/**
 * Fills one key of a connection ConfigMap with what `value` gives. Not where a mistyped key means it or
 * `binaryData` has it, and not an immutable one that is stored already: the apiserver would refuse.
 */
export function fillConnection(
  resource: Resource,
  world: World,
  operation: Operation,
  key: ConnectionKey,
  value: () => string | undefined,
): readonly FixEdit[] {
  if (!isConnection(world, resource)) return [];
  if (operation === 'UPDATE' && own(resource.json, 'immutable') === true) return [];
  if (at(resource.json, ['binaryData', key]) !== undefined || isMistyped(resource, key)) return [];
  const found = value();
  return found === undefined ? [] : add(world, resource, ['data', key], found);
}

function isMistyped(resource: Resource, key: ConnectionKey): boolean {
  const data = own(resource.json, 'data');
  if (!isObject(data)) return false;
  if (Object.keys(data).length > MAX_KEYS) return true;
  return Object.keys(data).some((each) => suggest(each, CONNECTION_KEYS) === key);
}
