/**
 * What an admission does about a finding: on whose object it is, whether it stood before, and whether the
 * object changes or goes. Told with one small rule: a ConfigMap must hold a `color`, and where it names
 * another ConfigMap in `like`, the same one.
 */
import { describe, expect, it } from 'vitest';
import { type Config, DEFAULT_CONFIG, type RuleSetting } from '../../../src/core/base/config.ts';
import { judge, judgeChange } from '../../../src/core/judge/judge.ts';
import { type Resource, toResource } from '../../../src/core/base/model.ts';
import type { Rule, Severities } from '../../../src/core/rule.ts';
import { World } from '../../../src/core/world.ts';

function rule(severity: Severities, more: Partial<Rule> = {}): Rule {
  return {
    code: 'IOM202',
    name: 'same-color',
    severity,
    kinds: ['ConfigMap'],
    check(subject, world, report) {
      const { color, like } = data(subject);
      if (color === undefined) report({ path: ['data', 'color'], message: 'no color' });
      if (like === undefined) return;
      const other = world.get('ConfigMap', 'paint', like);
      if (other !== undefined && data(other)['color'] === color) return;
      report({
        path: ['data', 'like'],
        message: 'not alike',
        evidence: [`${color}, not ${other && data(other)['color']}`],
      });
    },
    affected(change, _before, after) {
      const name = (change.after ?? change.before)?.ref.name;
      return after.all('ConfigMap').filter((each) => data(each)['like'] === name);
    },
    ...more,
  };
}

const DENY = { lint: 'error', admission: 'deny' } as const;
const WARN = { lint: 'error', admission: 'warn' } as const;
const UNTIDY = { lint: 'warning', admission: 'warn' } as const;

const data = (resource: Resource) => resource.json['data'] as Record<string, string>;

function paint(
  name: string,
  values: Record<string, string>,
  annotations: Record<string, string> = {},
): Resource {
  const metadata = { name, namespace: 'paint', annotations };
  return toResource({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: values })!;
}

function worldOf(resources: readonly Resource[], config: Partial<Config> = {}, today = '2026-11-23'): World {
  return World.of({ resources, config: { ...DEFAULT_CONFIG, ...config }, today });
}

const configured = (setting: RuleSetting): Partial<Config> => ({ rules: { IOM202: setting } });

/** The answer in a few words: `denied like of b`. */
function answer(
  world: World,
  before: Resource | undefined,
  after: Resource | undefined,
  judged: Rule,
): string[] {
  const change = { ...(before && { before }), ...(after && { after }) };
  const { denied, warned, waived } = judgeChange(world, change, [judged]);
  return Object.entries({ denied, warned, waived }).flatMap(([decision, findings]) =>
    findings.map(({ path, object }) => `${decision} ${path.at(-1)} of ${object?.name}`),
  );
}

describe('on the object that changes', () => {
  const bad = paint('a', { like: 'b' });
  const b = paint('b', { color: 'red' });

  it('a fault that a creation or an update brings is denied', () => {
    expect(answer(worldOf([b]), undefined, paint('a', {}), rule(DENY))).toEqual(['denied color of a']);
    expect(answer(worldOf([b]), b, paint('b', {}), rule(DENY))).toEqual(['denied color of b']);
  });

  it('or warned of, where the rule or the configuration says so', () => {
    const fault = paint('a', {});
    expect(answer(worldOf([]), undefined, fault, rule(WARN))).toEqual(['warned color of a']);
    expect(answer(worldOf([], configured('warning')), undefined, fault, rule(DENY))).toEqual([
      'warned color of a',
    ]);
    expect(answer(worldOf([], configured('error')), undefined, fault, rule(WARN))).toEqual([
      'denied color of a',
    ]);
    expect(answer(worldOf([], configured('off')), undefined, fault, rule(DENY))).toEqual([]);
  });

  it('what stood before is warned of, whatever else is edited', () => {
    const edited = paint('a', { like: 'b', note: 'x' });
    expect(answer(worldOf([bad, b]), bad, edited, rule(DENY))).toEqual([
      'warned color of a',
      'warned like of a',
    ]);
  });

  it('mending one of two is let through, with a word on the other', () => {
    expect(answer(worldOf([bad, b]), bad, paint('a', { color: 'red' }), rule(DENY))).toEqual([]);
    expect(answer(worldOf([bad, b]), bad, paint('a', {}), rule(DENY))).toEqual(['warned color of a']);
  });

  it('another fault of the same rule in the same field is denied', () => {
    const blue = paint('a', { color: 'blue', like: 'b' });
    const green = paint('a', { color: 'green', like: 'b' });
    expect(answer(worldOf([blue, b]), blue, green, rule(DENY))).toEqual(['denied like of a']);
  });

  it('mending one fault does not pay for another', () => {
    const blue = paint('a', { color: 'blue', like: 'b' });
    expect(answer(worldOf([blue, b]), blue, paint('a', {}), rule(DENY))).toEqual(['denied color of a']);
  });

  it('deleting a faulty object says nothing of its faults', () => {
    expect(answer(worldOf([bad, b]), bad, undefined, rule(DENY))).toEqual([]);
  });
});

describe('on another object', () => {
  const a = paint('a', { color: 'red', like: 'b' });
  const b = paint('b', { color: 'red' });
  const blue = paint('b', { color: 'blue' });

  it('a fault that an update brings is warned of', () => {
    expect(answer(worldOf([a, b]), b, blue, rule(DENY))).toEqual(['warned like of a']);
  });

  it('one that a deletion brings is denied, though the rule would only warn of it', () => {
    expect(answer(worldOf([a, b]), b, undefined, rule(DENY))).toEqual(['denied like of a']);
    expect(answer(worldOf([a, b]), b, undefined, rule(WARN))).toEqual(['denied like of a']);
  });

  it('but only warned of where it is no error, by the rule or by configuration', () => {
    expect(answer(worldOf([a, b]), b, undefined, rule(UNTIDY))).toEqual(['warned like of a']);
    expect(answer(worldOf([a, b], configured('warning')), b, undefined, rule(DENY))).toEqual([
      'warned like of a',
    ]);
  });

  it('and left to the rule that speaks of such deletions, where there is one', () => {
    expect(answer(worldOf([a, b]), b, undefined, rule(DENY, { deletionReportedBy: 'IOM602' }))).toEqual([]);
  });

  it('what stood there before is nobody’s business', () => {
    const was = paint('b', { color: 'green' });
    const now = paint('b', { color: 'green', note: 'x' });
    expect(answer(worldOf([a, was]), was, now, rule(DENY))).toEqual([]);
  });
});

describe('waivers', () => {
  const waive = (text: string) => ({ 'iomesh-guard.io/waive': text });
  const judged = rule(DENY);

  it.each([
    ['by code', 'IOM202=on purpose', 'waived color of a'],
    ['by name, in any case', 'ISCSI-PORTAL=on purpose', 'waived color of a'],
    ['until its last day', 'IOM202=on purpose; until=2026-11-23', 'waived color of a'],
    ['not the day after', 'IOM202=on purpose; until=2026-11-22', 'denied color of a'],
    ['not without a reason', 'IOM202', 'denied color of a'],
    ['not without a readable day', 'IOM202=on purpose; until=soon', 'denied color of a'],
    ['not of another rule', 'IOM203=on purpose', 'denied color of a'],
  ])('in an admission: %s', (_name, text, expected) => {
    expect(answer(worldOf([]), undefined, paint('a', {}, waive(text)), judged)).toEqual([expected]);
  });

  it('in lint', () => {
    const found = (text: string, today?: string) => {
      const { findings, waived } = judge(worldOf([paint('a', {}, waive(text))], {}, today), [judged]);
      return [findings.length, waived.length];
    };
    expect(found('IOM202=on purpose; until=2027-01-31')).toEqual([0, 1]);
    expect(found('IOM202=on purpose; until=2027-01-31', '2027-02-01')).toEqual([1, 0]);
    expect(found('IOM202')).toEqual([1, 0]);
  });

  it('of one side cover a finding between two, of the other side not one that is only about the first', () => {
    const a = paint('a', { color: 'red', like: 'b' }, waive('IOM202=on purpose'));
    const b = paint('b', { color: 'blue' }, waive('IOM202=on purpose'));
    const plain = paint('a', { color: 'red', like: 'b' });
    const between = rule(DENY, {
      check(subject, world, report) {
        const like = data(subject)['like'];
        const other = like === undefined ? undefined : world.get('ConfigMap', 'paint', like);
        if (other !== undefined)
          report({ path: ['data', 'like'], message: 'not alike', other, symmetric: true });
      },
    });
    expect(answer(worldOf([b]), undefined, plain, between)).toEqual(['waived like of a']);
    expect(answer(worldOf([b]), undefined, plain, judged)).toEqual(['denied like of a']);
    expect(answer(worldOf([b]), undefined, a, judged)).toEqual(['waived like of a']);
  });

  it('that are taken away leave a fault that stood before, which is warned of', () => {
    const before = paint('a', {}, waive('IOM202=on purpose'));
    expect(answer(worldOf([before]), before, paint('a', {}), judged)).toEqual(['warned color of a']);
  });

  it('of the object that another’s deletion breaks let it go', () => {
    const a = paint('a', { color: 'red', like: 'b' }, waive('IOM202=on purpose'));
    const b = paint('b', { color: 'red' });
    expect(answer(worldOf([a, b]), b, undefined, judged)).toEqual(['waived like of a']);
  });
});

describe('warn mode', () => {
  const fault = paint('a', {});
  const namespace = (mode: string) =>
    toResource({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'paint', labels: { 'iomesh-guard.io/mode': mode } },
    })!;

  it('by configuration', () => {
    expect(answer(worldOf([], { mode: 'warn' }), undefined, fault, rule(DENY))).toEqual([
      'warned color of a',
    ]);
  });

  it('by a label of the namespace of the object that changes', () => {
    expect(answer(worldOf([namespace('warn')]), undefined, fault, rule(DENY))).toEqual(['warned color of a']);
    expect(answer(worldOf([namespace('enforce')]), undefined, fault, rule(DENY))).toEqual([
      'denied color of a',
    ]);
  });

  it('which holds for a deletion that breaks another object too', () => {
    const a = paint('a', { color: 'red', like: 'b' });
    const b = paint('b', { color: 'red' });
    expect(answer(worldOf([a, b, namespace('warn')]), b, undefined, rule(DENY))).toEqual([
      'warned like of a',
    ]);
  });

  it('keeps in the finding that it would have been denied, so that it is told first', () => {
    const { warned } = judgeChange(worldOf([namespace('warn')]), { after: fault }, [rule(DENY)]);
    expect(warned.map(({ severity }) => severity)).toEqual(['error']);
  });
});
