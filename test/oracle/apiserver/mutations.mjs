/** Objects grown from correct ones: one or two fields removed, nulled, renamed, mistyped, moved, or put in. */

const WRONG_TEXTS = [
  '',
  'a b',
  'A_b',
  '-a',
  'a-',
  'a.b',
  '0',
  'yes',
  '1e3',
  '20Gi',
  '1e1.5',
  '1.5.5',
  'é',
  'x'.repeat(64),
  'x'.repeat(254),
  'a/b',
  'a/b/c',
  'delete',
  'Exists',
];
const WRONG_NUMBERS = [0, 1, -1, 3, 1.5, 2 ** 31, 2 ** 53, 1e20, -(2 ** 31) - 1];
const OTHERS = [true, false, [], {}, [null], ['a'], [1], [{}], { a: 'b' }, { a: null }, { a: 1 }];
const FOREIGN = [
  'replicas',
  'image',
  'topologySpreadConstraints',
  'podPolicy',
  'pod',
  'labels',
  'name',
  'storageClass',
  'storageClassName',
  'version',
  'edition',
  'dataCIDR',
  'spec',
  'status',
  'data',
  'parameters',
  'provisioner',
  'selector',
  'include',
  'extraEnvs',
  'claims',
  'namespaceSelector',
  'matchLabelKeys',
  'finalizers',
  'immutable',
  'resources',
  'annotations',
  'a b',
  '',
  'x/y/z',
];

/** An object and what was done to it. */
export function mutate(base, all, random) {
  const object = structuredClone(base);
  const done = [];
  for (let left = random() < 0.75 ? 1 : 2; left > 0; left -= 1) {
    const text = mutateOnce(object, all, random);
    if (text !== undefined) done.push(text);
  }
  return { object, done: done.join('; ') };
}

function mutateOnce(object, all, random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const places = membersOf(object);
  const { holder, key, path } = pick(places);
  const holders = places.map((each) => each.holder[each.key]).filter((each) => isObject(each));
  switch (pick(['remove', 'null', 'rename', 'mistype', 'mistype', 'move', 'foreign'])) {
    case 'remove':
      drop(holder, key);
      return `${path} removed`;
    case 'null':
      holder[key] = null;
      return `${path} null`;
    case 'rename': {
      if (Array.isArray(holder)) return undefined;
      const name = misspelt(key, pick, random);
      if (Object.hasOwn(holder, name)) return undefined;
      holder[name] = holder[key];
      delete holder[key];
      return `${path} renamed to ${JSON.stringify(name)}`;
    }
    case 'mistype':
      holder[key] = structuredClone(pick([pick(WRONG_TEXTS), pick(WRONG_NUMBERS), pick(OTHERS)]));
      return `${path} = ${JSON.stringify(holder[key])}`;
    case 'move': {
      const value = holder[key];
      const target = pick(holders);
      if (Array.isArray(holder) || target === undefined || contains(value, target)) return undefined;
      delete holder[key];
      target[key] = value;
      return `${path} moved`;
    }
    default: {
      const target = pick([object, ...holders]);
      const other = pick(membersOf(pick(all)));
      const name = pick([String(other.key), pick(FOREIGN)]);
      if (
        Array.isArray(target) ||
        Object.hasOwn(target, name) ||
        isKept(target === object ? [name] : ['', name])
      )
        return undefined;
      target[name] = structuredClone(pick([other.holder[other.key], null, pick(OTHERS)]));
      return `${JSON.stringify(name)} put in`;
    }
  }
}

/** Every member and item that may be changed. What kind an object is decides where it is sent. */
function membersOf(object) {
  const found = [];
  const visit = (holder, path) => {
    for (const key of Array.isArray(holder) ? holder.keys() : Object.keys(holder)) {
      const here = [...path, key];
      if (isKept(here)) continue;
      found.push({ holder, key, path: here.join('.') });
      if (typeof holder[key] === 'object' && holder[key] !== null) visit(holder[key], here);
    }
  };
  visit(object, []);
  return found;
}

function isKept(path) {
  return path.length === 1 && ['apiVersion', 'kind'].includes(path[0]);
}

function misspelt(key, pick, random) {
  const at = Math.floor(random() * (key.length + 1));
  return pick([
    key.slice(0, at) + key.slice(at + 1),
    `${key.slice(0, at)}x${key.slice(at)}`,
    key.toUpperCase(),
    key.charAt(0).toUpperCase() + key.slice(1),
    pick(FOREIGN),
  ]);
}

function drop(holder, key) {
  if (Array.isArray(holder)) holder.splice(key, 1);
  else delete holder[key];
}

function contains(value, target) {
  if (value === target) return true;
  return (
    typeof value === 'object' && value !== null && Object.values(value).some((each) => contains(each, target))
  );
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
