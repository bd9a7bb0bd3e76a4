import { relatedObject } from '../../finding.ts';
import type { FixEdit } from '../../base/edits.ts';
import { clusterOf } from '../../iomesh/cluster.ts';
import { readField } from '../../schema/read-field.ts';
import { fillsAsDefault } from '../../defaults/fills.ts';
import { at, isArray, isObject } from '../../base/json.ts';
import { displayName, type Resource } from '../../base/model.ts';
import type { Violation, Rule } from '../../rule.ts';
import { HOSTNAME_LABEL } from '../../node-selector/index.ts';
import { quoted } from '../../base/text.ts';
import type { World } from '../../world.ts';
import {
  AFFINITY,
  ANTI_AFFINITY,
  type Effect,
  effects,
  PREFERRED,
  spreadTerm,
} from '../../iomesh/anti-affinity.ts';

/** IOM702: the pods of a ZookeeperCluster may all land on one node. */
export const zookeeperSpread: Rule = {
  code: 'IOM702',
  name: 'zookeeper-spread',
  severity: { lint: 'warning', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['ZookeeperCluster'],
  check(subject, world, report) {
    if (clusterOf(subject.ref) === undefined || subject.ref.name === '') return;
    if (!isObject(at(subject.json, AFFINITY))) return;
    if (readField(world, subject, ANTI_AFFINITY).state === 'invalid') return;
    const found = effects(subject);
    if (found.some(({ is }) => is === 'spreads')) return;
    const wrong = found.find(({ is }) => is === 'app') ?? found.find(({ is }) => is === 'topology');
    report({ identity: subject.key, ...(violationOf(subject, world, wrong) ?? absent(subject, world)) });
  },
};

function violationOf(subject: Resource, world: World, wrong: Effect | undefined): Violation | undefined {
  if (wrong?.is !== 'app' && wrong?.is !== 'topology') return undefined;
  const { is, path, value } = wrong;
  const own = subject.ref.name;
  const due = is === 'app' ? own : HOSTNAME_LABEL;
  const edit: FixEdit =
    path.at(-1) === 'values'
      ? { op: 'replace', path, value: [due] }
      : { op: at(subject.json, path) === undefined ? 'add' : 'replace', path, value: due };
  const rest = {
    path,
    help: `write ${quoted(due)} ${value === undefined ? 'here' : `instead of ${quoted(value)}`}`,
    fix: { safety: 'unsafe' as const, description: `write ${quoted(due)}`, edits: [edit] },
  };
  if (is === 'topology')
    return {
      ...rest,
      message: `the pods of ${displayName(subject.ref)} are kept apart over ${value === undefined ? 'nothing' : quoted(value)}, not over nodes`,
    };
  const other =
    value === undefined ? undefined : world.all('ZookeeperCluster').find(({ ref }) => ref.name === value);
  return {
    ...rest,
    message: `the podAntiAffinity of ${displayName(subject.ref)} is about pods of ${value === undefined ? 'other apps' : `app ${quoted(value)}`}; its own have app ${quoted(own)}`,
    related:
      other === undefined
        ? []
        : [relatedObject(other, `${displayName(other.ref)} is another ZookeeperCluster`)],
  };
}

function absent(subject: Resource, world: World): Violation {
  const term = spreadTerm(subject.ref.name);
  const list = at(subject.json, PREFERRED);
  const edit: FixEdit = isArray(list)
    ? { op: 'add', path: [...PREFERRED, list.length], value: term }
    : { op: 'add', path: PREFERRED, value: [term] };
  const there = at(subject.json, ANTI_AFFINITY);
  return {
    path: ANTI_AFFINITY,
    ...(isObject(there) ? { part: 'key' as const } : {}),
    message: `nothing keeps the pods of ${displayName(subject.ref)} on different nodes: an affinity is set, and that replaces the operator's own`,
    help: `add a podAntiAffinity for app In [${quoted(subject.ref.name)}] over ${HOSTNAME_LABEL}`,
    evidence: ['absent'],
    fix: {
      safety: fillsAsDefault(subject, world, [edit]) ? 'safe' : 'unsafe',
      description: `prefer nodes without another pod of ${quoted(subject.ref.name)}`,
      edits: [edit],
    },
  };
}
