/** What an annotation waives in a cluster, and what only the configuration waives. */
import { describe, expect, it } from 'vitest';
import type { WaiverSettings } from '../../../src/core/base/config.ts';
import { DEFAULT_CONFIG } from '../../../src/core/base/config.ts';
import { findRule, rules } from '../../../src/core/judge/catalogue.ts';
import { findingsToWarnOf, judge, judgeChange } from '../../../src/core/judge/judge.ts';
import { toResource, type Resource } from '../../../src/core/base/model.ts';
import { World } from '../../../src/core/world.ts';
import { CASES } from '../../cases/all.ts';
import { caseChange, caseText, type ChangeCase, type LintCase, readWorld } from '../../cases/harness.ts';

const WAIVE = 'iomesh-guard.io/waive';
const C1 = 'IOMeshCluster/iomesh-cluster-1';

function annotated(text: string): readonly [string, string] {
  return ['metadata:\n', `metadata:\n  annotations:\n    ${WAIVE}: ${JSON.stringify(text)}\n`];
}

function waivers(settings: Partial<WaiverSettings>) {
  return { waivers: { ...DEFAULT_CONFIG.waivers, ...settings } };
}

function exception(rule: string, objects: readonly string[], until?: string) {
  return waivers({ exceptions: [{ rule, objects, reason: 'ticket 4711', until }] });
}

/** Denied, warned and waived rules of a change. */
function answer(changeCase: ChangeCase) {
  const { world, ...change } = caseChange(changeCase);
  const { denied, warned, waived } = judgeChange(world, change);
  return {
    denied: denied.map(({ code }) => code).sort(),
    warned: findingsToWarnOf({ warned, waived }).map(({ code, help }) => `${code} ${help}`),
    waived: waived.map(({ code, waiver }) => `${code} ${waiver.by}`),
  };
}

/** A change that only this rule denies, as its own first case has it. */
const PULL_POLICY = ['        pullPolicy: IfNotPresent', '        pullPolicy: ifNotPresent'] as const;
const CLUSTER_ID = ['clusterId: k8s-cluster', 'clusterId: other'] as const;
const CONNECTION = 'ConfigMap/iomesh-cluster-1-csi-configmap';

describe('who waives', () => {
  it('is an administrator for every rule between objects, and about a deletion', () => {
    const owners = rules.filter((each) => each.waivedBy === 'owner').map(({ code }) => code);
    for (const code of 'IOM101 IOM102 IOM103 IOM108 IOM110 IOM201 IOM203 IOM204 IOM206 IOM301 IOM401 IOM407 IOM501 IOM505 IOM519 IOM601 IOM602 IOM606 IOM607 IOM608 IOM703 IOM708'.split(
      ' ',
    ))
      expect(owners, code).not.toContain(code);
  });

  it.each(CASES.filter(({ code }) => isOwners(code)))(
    'is the owner for $code only if the finding is about this object alone',
    ({ code, change, lint }) => {
      for (const each of change) {
        const { world, ...made } = caseChange(each);
        const { denied } = judgeChange(world, made);
        for (const finding of denied.filter((found) => found.code === code)) {
          expect(finding.objects.map(({ key }) => key)).toEqual([finding.resource?.key]);
          // The same change in a world with nothing else of IOMesh is denied too.
          const alone = World.of({
            ...world,
            config: { ...world.config, iomeshVersion: world.iomeshVersion },
            resources: world.resources.filter(
              ({ kind, key }) =>
                kind === 'Node' || key === (made.before ?? made.after)?.key || key === finding.resource?.key,
            ),
          });
          const again = judgeChange(alone, made);
          expect(
            again.denied.map((found) => found.code),
            each.name,
          ).toContain(code);
        }
      }
      expect(change.length + lint.length).toBeGreaterThan(0);
    },
  );
});

function isOwners(code: string): boolean {
  const rule = findRule(code);
  return rule?.waivedBy === 'owner' && rule.severity.admission === 'deny';
}

describe('an annotation at admission', () => {
  it('waives a finding about its object alone, with a warning that says so', () => {
    expect(answer({ name: '', update: { [C1]: [PULL_POLICY, annotated('IOM405=asked')] } })).toEqual({
      denied: [],
      warned: [
        'IOM405 waived by the annotation of IOMeshCluster iomesh-cluster-1/iomesh-cluster-1: "asked"; the waiver arrived with what it waives',
      ],
      waived: ['IOM405 new-annotation'],
    });
  });

  it('is older than what it waives if the stored object has it', () => {
    const stored = { [C1]: [annotated('IOM405=asked')] };
    expect(answer({ name: '', edit: stored, update: { [C1]: [PULL_POLICY] } }).waived).toEqual([
      'IOM405 annotation',
    ]);
  });

  it.each([
    ['own', ['IOM201'], []],
    ['none', ['IOM201'], []],
    ['all', [], ['IOM201 new-annotation']],
  ] as const)(
    'waives a finding about other objects only with annotations: all (%s)',
    (annotations, denied, waived) => {
      const result = answer({
        name: '',
        update: { [CONNECTION]: [CLUSTER_ID, annotated('IOM201=mine')] },
        config: waivers({ annotations }),
      });
      expect([result.denied, result.waived]).toEqual([denied, waived]);
    },
  );

  it('says in the help why it does not apply', () => {
    const helpWith = (settings: Partial<WaiverSettings>) => {
      const { world, ...change } = caseChange({
        name: '',
        update: { [CONNECTION]: [CLUSTER_ID, annotated('IOM201=mine')] },
        config: waivers(settings),
      });
      return judgeChange(world, change).denied[0]?.help;
    };
    expect(helpWith({})).toMatch(
      /^set data\.clusterId to "k8s-cluster".*; the annotation iomesh-guard\.io\/waive does not waive this rule in a cluster; an administrator can add it to waivers\.exceptions of the configuration$/,
    );
    expect(helpWith({ annotations: 'none' })).toContain('waivers.annotations of the configuration is none');
  });

  it('waives nothing with annotations: none', () => {
    const update = { [C1]: [PULL_POLICY, annotated('IOM405=asked')] };
    expect(answer({ name: '', update, config: waivers({ annotations: 'none' }) }).denied).toEqual(['IOM405']);
  });

  it.each([
    ['IOM405=asked', { requireUntil: true }, ['IOM405', 'IOM901']],
    ['IOM405=asked', { maxDays: 30 }, ['IOM405', 'IOM901']],
    ['IOM405=asked;until=2026-12-24', { maxDays: 30 }, ['IOM405', 'IOM901']],
    ['IOM405=asked;until=2026-12-23', { maxDays: 30, requireUntil: true }, []],
  ])('%s is valid only within %j', (text, settings, denied) => {
    const update = { [C1]: [PULL_POLICY, annotated(text)] };
    expect(answer({ name: '', update, config: waivers(settings) }).denied).toEqual(denied);
  });
});

describe('an exception of the configuration', () => {
  const update = { [CONNECTION]: [CLUSTER_ID] };
  const KEY = 'ConfigMap/iomesh-cluster-1/iomesh-cluster-1-csi-configmap';

  it.each([
    [KEY, true],
    ['ConfigMap/*/*', true],
    ['*/iomesh-cluster-1/*-csi-*', true],
    ['ConfigMap/iomesh-cluster-1/*-csi', false],
    ['ConfigMap/iomesh-cluster-1/csi-configmap', false],
    ['ConfigMap/*', false],
    ['IOMeshCluster/*/*', false],
  ])('for %s waives a finding of %s: %s', (pattern, isWaived) => {
    const { denied, waived } = answer({ name: '', update, config: exception('IOM201', [pattern]) });
    expect([denied, waived]).toEqual(isWaived ? [[], ['IOM201 configuration']] : [['IOM201'], []]);
  });

  it('says so in a warning, with the reason', () => {
    const { warned } = answer({ name: '', update, config: exception('IOM201', [KEY], '2026-11-23') });
    expect(warned).toEqual(['IOM201 waived by the configuration until 2026-11-23: "ticket 4711"']);
  });

  it('no longer applies after its last day, and the help says so', () => {
    const { world, ...change } = caseChange({
      name: '',
      update,
      config: exception('IOM201', [KEY], '2026-11-22'),
    });
    const { denied } = judgeChange(world, change);
    expect(denied[0]?.help).toContain('the exception in the configuration expired on 2026-11-22');
  });

  it('waives a deletion', () => {
    const remove: ChangeCase = { name: '', remove: 'IOMeshCluster/iomesh' };
    expect(answer(remove).denied).toContain('IOM601');
    const object = ['IOMeshCluster/iomesh-system/iomesh'];
    expect(answer({ ...remove, config: exception('IOM601', object) }).denied).not.toContain('IOM601');
  });

  it('is not needed for a file, where an annotation waives every rule', () => {
    const edited: LintCase = {
      name: '',
      edit: { [CONNECTION]: [CLUSTER_ID, annotated('IOM201=mine')] },
      expect: [],
    };
    const found = (config: LintCase['config'] = {}) => {
      const { findings, waived } = judge(readWorld(caseText(edited), { ...edited, config }));
      return [findings.map(({ code }) => code), waived.map(({ code }) => code)];
    };
    expect(found()).toEqual([[], ['IOM201']]);
    expect(found(waivers({ annotations: 'none' }))).toEqual([['IOM201', 'IOM902'], []]);
  });
});

describe('audit', () => {
  it('honours annotations as the webhook does, because the objects of a cluster are not reviewed', () => {
    const edit = {
      [CONNECTION]: [CLUSTER_ID, annotated('IOM201=mine')],
      [C1]: [PULL_POLICY, annotated('IOM405=a')],
    };
    const files = readWorld(caseText({ name: '', edit }), { name: '' });
    const live = World.of({ ...files, resources: files.resources.map(withoutText) });
    const { findings, waived } = judge(live);
    expect(findings.map(({ code }) => code)).toEqual(['IOM201']);
    expect(waived.map(({ code }) => code)).toEqual(['IOM405']);
  });
});

function withoutText({ json }: Resource): Resource {
  return toResource(json)!;
}

describe('a waived object', () => {
  const connection = (namespace: string, clusterId: string, waiver?: string) =>
    toResource({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', namespace, ...(waiver && { annotations: { [WAIVE]: waiver } }) },
      data: {
        clusterId,
        iscsiPortal: '127.0.0.1:3260',
        metaAddr: `a-meta-client.${namespace}.svc.cluster.local:10100`,
      },
    })!;

  it('has no vote on the clusterId', () => {
    const votes = ['a', 'b', 'c'].map((name) => connection(name, 'evil', 'IOM201=x'));
    const denied = (resources: readonly Resource[]) =>
      judgeChange(
        World.of({ resources, today: '2026-11-23', config: { ...DEFAULT_CONFIG, iomeshVersion: '1.0' } }),
        {
          before: connection('p', 'right'),
          after: connection('p', 'evil'),
        },
      ).denied.map(({ code }) => code);
    const right = [connection('o', 'right'), connection('p', 'right'), connection('q', 'right')];
    expect(denied([...right, ...votes, connection('d', 'evil', 'cluster-id-mismatch=x')])).toContain(
      'IOM201',
    );
  });
});

describe('a waived or softened error', () => {
  const ZOOKEEPER = `apiVersion: zookeeper.pravega.io/v1beta1
kind: ZookeeperCluster
metadata: {name: pa-zookeeper, namespace: pa, annotations: {${WAIVE}: "IOM007=x"}}
spec:
  replicas: 3
  image: {repository: iomesh/zookeeper, tag: 3.5.9}
  pod:
    affinity:
      nodeAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
          nodeSelectorTerms:
            - matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-0, k8s-worker-1, k8s-worker-2]}]
            - matchExpressions: [{key: rack, operator: In, values: ["<rack>"]}]
`;
  const plain = ZOOKEEPER.replace(/, annotations: .*\}\}/, '}');
  const key = ['ZookeeperCluster/pa/*'];

  it.each([
    ['reported', plain, {}],
    ['waived by an annotation', ZOOKEEPER, {}],
    ['waived by the configuration', plain, exception('IOM007', key)],
    ['waived by an annotation that is not honoured', ZOOKEEPER, waivers({ annotations: 'none' })],
    ['a warning by configuration', plain, { rules: { IOM007: 'warning' } }],
    ['off by configuration', plain, { rules: { IOM007: 'off' } }],
  ] as const)('suppresses no other finding: %s', (name, create, config) => {
    const { denied } = answer({ name: '', create, config });
    if (name === 'reported') expect(denied).toEqual(['IOM007']);
    else expect(denied).toContain('IOM101');
    const linted = judge(readWorld(caseText({ name: '', add: create }), { name: '', config }));
    expect(linted.findings.some(({ code }) => code === 'IOM101')).toBe(name !== 'reported');
  });
});
