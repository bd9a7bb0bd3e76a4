/** A deterministic source of numbers in [0, 1): mulberry32. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'];
const WRONG_OPERATORS = ['in', 'notIn', '', 'Equals', '=', 'In ', 'exists', 'GT', 'constructor'];
const KEYS = ['kubernetes.io/hostname', 'pool', 'n', 'constructor', 'metadata.name'];
const WRONG_KEYS = [
  '',
  'a b',
  'a/b/c',
  '/x',
  'x/',
  '-a',
  'a-',
  'A.b/c',
  'a..b/c',
  'é',
  '__proto__',
  'pool\n',
  'x'.repeat(64),
  `${'d'.repeat(64)}.${'e'.repeat(189)}/k`,
];
const EDGE_KEYS = ['x'.repeat(63), '0', 'a_b.C-d', 'a-b.c/D_e', `${'d'.repeat(253)}/k`];
const NAMES = ['node-a', 'node-b', 'pool'];
const TEXTS = ['node-a', 'node-b', 'a', 'b', ''];
const INTEGERS = ['0', '4', '5', '05', '000', '6', '9223372036854775807', '9223372036854775806'];
const WRONG_VALUES = [
  '-5',
  '+5',
  '-',
  'a b',
  ' 5',
  '5 ',
  '5\n',
  'a-',
  '_a',
  'é',
  '<node>',
  'x'.repeat(64),
  '٣',
];
const EDGE_VALUES = [
  'x'.repeat(63),
  `${'0'.repeat(62)}5`,
  '5.0',
  '1e3',
  '1_000',
  '0x5',
  '9223372036854775808',
];

/** One pair of a pod's placement and a node, in all forms of the API types. */
export function makePair(random) {
  const chance = (share) => random() < share;
  const choose = (list) => list[Math.floor(random() * list.length)];
  const upTo = (most) => Math.floor(random() * (most + 1));
  const many = (most, make) => Array.from({ length: upTo(most) }, make);

  const wild = chance(0.4);
  const rarely = (share) => wild && chance(share);
  const text = () => {
    if (rarely(0.08)) return choose(WRONG_VALUES);
    if (chance(0.06)) return choose(EDGE_VALUES);
    return chance(0.5) ? choose(TEXTS) : choose(INTEGERS);
  };
  const labelKey = () => {
    if (rarely(0.06)) return choose(WRONG_KEYS);
    return chance(0.04) ? choose(EDGE_KEYS) : choose(KEYS);
  };

  // Most labels are valid; some are rejected by the apiserver.
  const labels = Object.fromEntries(
    [...KEYS, ...many(1, labelKey)].filter(() => chance(0.75)).map((key) => [key, text()]),
  );
  const node = { name: rarely(0.05) ? '' : choose(NAMES), labels };
  const owned = (key) => (Object.hasOwn(labels, key) ? labels[key] : undefined);

  const valuesFor = (operator, actual) => {
    if (rarely(0.08)) return choose([undefined, null, [], [text(), text()]]);
    if (operator === 'Exists' || operator === 'DoesNotExist') return choose([undefined, null, []]);
    if (operator === 'Gt' || operator === 'Lt') return [chance(0.85) ? choose(INTEGERS) : text()];
    const values = [text(), ...many(2, text)];
    if (operator === 'In' && actual !== undefined && chance(0.75)) values.push(actual);
    return values;
  };
  const expression = () => {
    const key = labelKey();
    const there = owned(key) !== undefined;
    // Prefers requirements that match, so that a term of several ones often matches.
    let operator = choose(OPERATORS);
    if (operator === 'DoesNotExist' && there && chance(0.7)) operator = 'NotIn';
    if ((operator === 'Gt' || operator === 'Lt') && !/^[0-9]+$/.test(owned(key) ?? '') && chance(0.8))
      operator = 'In';
    const made = { key, operator, values: valuesFor(operator, owned(key)) };
    if (rarely(0.08)) made.operator = choose(WRONG_OPERATORS);
    if (rarely(0.03)) delete made[choose(['key', 'operator', 'values'])];
    return made;
  };
  const field = () => {
    const key = rarely(0.2)
      ? choose(['spec.unschedulable', 'metadata.namespace', '', 'metadata.name '])
      : 'metadata.name';
    const operator = rarely(0.15) ? choose([...OPERATORS, ...WRONG_OPERATORS]) : choose(['In', 'NotIn']);
    const value = chance(0.5) ? node.name : choose([...NAMES, ...TEXTS]);
    const made = {
      key,
      operator,
      values: rarely(0.15) ? choose([undefined, null, [], [value, text()]]) : [value],
    };
    if (rarely(0.05)) delete made[choose(['key', 'operator'])];
    return made;
  };
  const term = () => {
    if (rarely(0.1))
      return choose([
        {},
        { matchExpressions: [] },
        { matchFields: null },
        { matchExpressions: null, matchFields: [] },
      ]);
    const made = {};
    if (chance(0.9)) made.matchExpressions = many(3, expression);
    if (chance(0.25)) made.matchFields = many(2, field);
    return made;
  };

  const pair = { node };
  if (chance(0.35)) {
    const keys = many(2, labelKey);
    pair.nodeSelector = Object.fromEntries(
      keys.map((key) => [key, chance(0.8) ? (owned(key) ?? text()) : text()]),
    );
  } else if (rarely(0.1)) pair.nodeSelector = null;
  if (rarely(0.1)) pair.affinity = choose([null, {}, { nodeAffinity: null }, { podAntiAffinity: {} }]);
  else if (chance(0.9)) {
    const nodeAffinity = {};
    if (chance(0.93)) nodeAffinity[REQUIRED] = { nodeSelectorTerms: many(3, term) };
    if (rarely(0.1)) nodeAffinity[REQUIRED] = choose([null, {}, { nodeSelectorTerms: null }]);
    if (chance(0.1)) nodeAffinity[PREFERRED] = [{ weight: 1, preference: term() }];
    pair.affinity = { nodeAffinity };
  }
  return pair;
}
