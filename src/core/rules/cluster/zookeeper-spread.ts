import { relatedObject } from '../../finding.ts';
import type { FixEdit } from '../../base/edits.ts';
import { clusterOf } from '../../iomesh/cluster.ts';
import { readField } from '../../schema/read-field.ts';
import { fillsAsDefault } from '../../defaults/mutate.ts';
import { at, isArray, isObject } from '../../base/json.ts';
import { displayName, type Resource } from '../../base/model.ts';
import type { Violation, Rule } from '../../rule.ts';
import { HOSTNAME_LABEL } from '../../node-selector/index.ts';
import { quoted, quotedInFull } from '../../base/text.ts';
import type { World } from '../../world.ts';
import {
  type AntiAffinityEffect,
  antiAffinityEffects,
  PREFERRED_ANTI_AFFINITY,
  spreadTerm,
  ZOOKEEPER_AFFINITY,
  ZOOKEEPER_ANTI_AFFINITY,
} from '../../iomesh/anti-affinity.ts';

/** IOM702: the pods of a ZookeeperCluster may all run on one node. */
export const zookeeperSpread: Rule = {
  code: 'IOM702',
  name: 'zookeeper-spread',
  severity: { lint: 'warning', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['ZookeeperCluster'],
  check(subject, world, report) {
    if (clusterOf(subject.ref) === undefined || subject.ref.name === '') return;
    if (!isObject(at(subject.json, ZOOKEEPER_AFFINITY))) return;
    if (readField(world, subject, ZOOKEEPER_ANTI_AFFINITY).state === 'invalid') return;
    const found = antiAffinityEffects(subject);
    if (found.some(({ is }) => is === 'spreads')) return;
    const wrong = found.find(({ is }) => is === 'app') ?? found.find(({ is }) => is === 'topology');
    report({ identity: subject.key, ...(violationOf(subject, world, wrong) ?? absent(subject, world)) });
  },
};

function violationOf(
  subject: Resource,
  world: World,
  wrong: AntiAffinityEffect | undefined,
): Violation | undefined {
  if (wrong?.is !== 'app' && wrong?.is !== 'topology') return undefined;
  const { is, path, value } = wrong;
  const own = subject.ref.name;
  const required = is === 'app' ? own : HOSTNAME_LABEL;
  const last = path.at(-1);
  const edit: FixEdit =
    last === 'values'
      ? { op: 'replace', path, value: [required] }
      : { op: at(subject.json, path) === undefined ? 'add' : 'replace', path, value: required };
  const field = typeof last === 'string' ? last : 'values';
  const shown = field === 'values' ? `[${quotedInFull(required)}]` : quotedInFull(required);
  const rest = {
    path,
    help:
      value === undefined
        ? `set ${field} to ${shown}`
        : `replace ${quoted(value)} with ${quotedInFull(required)}`,
    fix: { safety: 'unsafe' as const, description: `set ${field} to ${shown}`, edits: [edit] },
  };
  if (is === 'topology')
    return {
      ...rest,
      message: `the podAntiAffinity of ${displayName(subject.ref)} has ${value === undefined ? 'no topologyKey' : `topologyKey ${quoted(value)}`}, but needs ${quoted(required)} to put its pods on different nodes`,
    };
  const other =
    value === undefined ? undefined : world.all('ZookeeperCluster').find(({ ref }) => ref.name === value);
  return {
    ...rest,
    message: `the podAntiAffinity of ${displayName(subject.ref)} selects the pods of ${value === undefined ? 'other apps' : `app ${quoted(value)}`}, but its own pods have app ${quoted(own)}`,
    related:
      other === undefined
        ? []
        : [relatedObject(other, `${displayName(other.ref)} is another ZookeeperCluster`)],
  };
}

function absent(subject: Resource, world: World): Violation {
  const term = spreadTerm(subject.ref.name);
  const list = at(subject.json, PREFERRED_ANTI_AFFINITY);
  const edit: FixEdit = isArray(list)
    ? { op: 'add', path: [...PREFERRED_ANTI_AFFINITY, list.length], value: term }
    : { op: 'add', path: PREFERRED_ANTI_AFFINITY, value: [term] };
  return {
    path: ZOOKEEPER_ANTI_AFFINITY,
    part: isObject(at(subject.json, ZOOKEEPER_ANTI_AFFINITY)) ? 'key' : undefined,
    message: `the affinity of ${displayName(subject.ref)} replaces the operator's default, but has no podAntiAffinity that puts its own pods on different nodes`,
    help: `add a podAntiAffinity with app In [${quotedInFull(subject.ref.name)}] and topologyKey ${HOSTNAME_LABEL}`,
    evidence: ['absent'],
    fix: {
      safety: fillsAsDefault(subject, world, [edit]) ? 'safe' : 'unsafe',
      description: `prefer nodes without another pod of ${quoted(subject.ref.name)}`,
      edits: [edit],
    },
  };
}
