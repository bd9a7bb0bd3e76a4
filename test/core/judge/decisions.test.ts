/**
 * How an admission decides about a finding: by its object, by whether it is introduced, and by whether the
 * object is updated or deleted. Shown with one small rule: a ConfigMap must have a `color`, and if it names
 * another ConfigMap in `like`, the same one.
 */
import { describe, expect, it } from 'vitest';
import { type Config, DEFAULT_CONFIG, type RuleSetting } from '../../../src/core/base/config.ts';
import { judge, judgeChange } from '../../../src/core/judge/judge.ts';
import { changedObject, type Resource, toResource } from '../../../src/core/base/model.ts';
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
      const name = changedObject(change)?.ref.name;
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

/** The decisions as short lines: `denied like of b`. */
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

describe('judgeChange, on the changed object', () => {
  const bad = paint('a', { like: 'b' });
  const b = paint('b', { color: 'red' });

  it('denies an error that a creation or an update introduces', () => {
    expect(answer(worldOf([b]), undefined, paint('a', {}), rule(DENY))).toEqual(['denied color of a']);
    expect(answer(worldOf([b]), b, paint('b', {}), rule(DENY))).toEqual(['denied color of b']);
  });

  it('warns instead when the rule or the configuration says so', () => {
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

  it('warns of an earlier error when another field is edited', () => {
    const edited = paint('a', { like: 'b', note: 'x' });
    expect(answer(worldOf([bad, b]), bad, edited, rule(DENY))).toEqual([
      'warned color of a',
      'warned like of a',
    ]);
  });

  it('allows the fix of one error, and warns of the other', () => {
    expect(answer(worldOf([bad, b]), bad, paint('a', { color: 'red' }), rule(DENY))).toEqual([]);
    expect(answer(worldOf([bad, b]), bad, paint('a', {}), rule(DENY))).toEqual(['warned color of a']);
  });

  it('denies another error of the same rule in the same field', () => {
    const blue = paint('a', { color: 'blue', like: 'b' });
    const green = paint('a', { color: 'green', like: 'b' });
    expect(answer(worldOf([blue, b]), blue, green, rule(DENY))).toEqual(['denied like of a']);
  });

  it('denies a new error even when another one is fixed', () => {
    const blue = paint('a', { color: 'blue', like: 'b' });
    expect(answer(worldOf([blue, b]), blue, paint('a', {}), rule(DENY))).toEqual(['denied color of a']);
  });

  it('reports no error of an object that is deleted', () => {
    expect(answer(worldOf([bad, b]), bad, undefined, rule(DENY))).toEqual([]);
  });
});

describe('judgeChange, on another object', () => {
  const a = paint('a', { color: 'red', like: 'b' });
  const b = paint('b', { color: 'red' });
  const blue = paint('b', { color: 'blue' });

  it('warns of an error that an update introduces', () => {
    expect(answer(worldOf([a, b]), b, blue, rule(DENY))).toEqual(['warned like of a']);
  });

  it('denies a deletion that introduces an error, even if the rule only warns', () => {
    expect(answer(worldOf([a, b]), b, undefined, rule(DENY))).toEqual(['denied like of a']);
    expect(answer(worldOf([a, b]), b, undefined, rule(WARN))).toEqual(['denied like of a']);
  });

  it('warns of a deletion when the finding is not an error by rule or configuration', () => {
    expect(answer(worldOf([a, b]), b, undefined, rule(UNTIDY))).toEqual(['warned like of a']);
    expect(answer(worldOf([a, b], configured('warning')), b, undefined, rule(DENY))).toEqual([
      'warned like of a',
    ]);
  });

  it('only warns when another rule reports the deletion, and not if the rule itself only warns', () => {
    const deletionReportedBy = 'IOM602';
    expect(answer(worldOf([a, b]), b, undefined, rule(DENY, { deletionReportedBy }))).toEqual([
      'warned like of a',
    ]);
    expect(answer(worldOf([a, b]), b, undefined, rule(WARN, { deletionReportedBy }))).toEqual([]);
    const off = worldOf([a, b], { rules: { IOM602: 'off' } });
    expect(answer(off, b, undefined, rule(WARN, { deletionReportedBy }))).toEqual(['warned like of a']);
  });

  it('denies a creation that introduces an error, as the other object would be denied after it', () => {
    expect(answer(worldOf([a]), undefined, blue, rule(DENY))).toEqual(['denied like of a']);
    expect(answer(worldOf([a]), undefined, blue, rule(WARN))).toEqual(['warned like of a']);
    expect(answer(worldOf([a]), undefined, blue, rule(DENY, { arrivalReportedBy: 'IOM110' }))).toEqual([
      'warned like of a',
    ]);
  });

  it('reports no earlier error', () => {
    const was = paint('b', { color: 'green' });
    const now = paint('b', { color: 'green', note: 'x' });
    expect(answer(worldOf([a, was]), was, now, rule(DENY))).toEqual([]);
  });
});

describe('a waiver', () => {
  const waive = (text: string) => ({ 'iomesh-guard.io/waive': text });
  const judged = rule(DENY, { waivedBy: 'owner' });
  const all = { waivers: { ...DEFAULT_CONFIG.waivers, annotations: 'all' } } as const;

  it.each([
    ['applies by code', 'IOM202=on purpose', 'waived color of a'],
    ['applies by name, in any letter case', 'ISCSI-PORTAL=on purpose', 'waived color of a'],
    ['applies on its last day', 'IOM202=on purpose; until=2026-11-23', 'waived color of a'],
    ['does not apply the day after', 'IOM202=on purpose; until=2026-11-22', 'denied color of a'],
    ['does not apply without a reason', 'IOM202', 'denied color of a'],
    ['does not apply with an invalid date', 'IOM202=on purpose; until=soon', 'denied color of a'],
    ['does not apply to another rule', 'IOM203=on purpose', 'denied color of a'],
  ])('%s at admission', (_name, text, expected) => {
    expect(answer(worldOf([]), undefined, paint('a', {}, waive(text)), judged)).toEqual([expected]);
  });

  it('applies in lint until its last day', () => {
    const found = (text: string, today?: string) => {
      const { findings, waived } = judge(worldOf([paint('a', {}, waive(text))], {}, today), [judged]);
      return [findings.length, waived.length];
    };
    expect(found('IOM202=on purpose; until=2027-01-31')).toEqual([0, 1]);
    expect(found('IOM202=on purpose; until=2027-01-31', '2027-02-01')).toEqual([1, 0]);
    expect(found('IOM202')).toEqual([1, 0]);
  });

  it('of the other object applies to a symmetric finding only', () => {
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
    expect(answer(worldOf([b], all), undefined, plain, between)).toEqual(['waived like of a']);
    expect(answer(worldOf([b], all), undefined, plain, judged)).toEqual(['denied like of a']);
    expect(answer(worldOf([b], all), undefined, a, judged)).toEqual(['waived like of a']);
  });

  it('leaves a warning when it is removed', () => {
    const before = paint('a', {}, waive('IOM202=on purpose'));
    expect(answer(worldOf([before]), before, paint('a', {}), judged)).toEqual(['warned color of a']);
  });

  it('of another object allows the deletion that violates the rule on it', () => {
    const a = paint('a', { color: 'red', like: 'b' }, waive('IOM202=on purpose'));
    const b = paint('b', { color: 'red' });
    expect(answer(worldOf([a, b], all), b, undefined, judged)).toEqual(['waived like of a']);
  });
});

describe('warn mode', () => {
  const fault = paint('a', {});
  const lenient = (namespace: string) => ({ warnNamespaces: [namespace] });

  it('turns denials into warnings by configuration', () => {
    expect(answer(worldOf([], { mode: 'warn' }), undefined, fault, rule(DENY))).toEqual([
      'warned color of a',
    ]);
  });

  it('turns denials into warnings in the namespaces of the configuration, whatever their labels', () => {
    const decide = (config: Partial<Config>, resources: readonly Resource[] = []) =>
      answer(worldOf(resources, config), undefined, fault, rule(DENY));
    const labels = { 'iomesh-guard.io/mode': 'warn' };
    const labelled = toResource({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'paint', labels },
    })!;
    expect(decide(lenient('paint'))).toEqual(['warned color of a']);
    expect(decide(lenient('other'), [labelled])).toEqual(['denied color of a']);
  });

  it('applies to a deletion that violates a rule on another object', () => {
    const a = paint('a', { color: 'red', like: 'b' });
    const b = paint('b', { color: 'red' });
    expect(answer(worldOf([a, b], lenient('paint')), b, undefined, rule(DENY))).toEqual(['warned like of a']);
  });

  it('keeps the severity error, so that such findings come first', () => {
    const { warned } = judgeChange(worldOf([], lenient('paint')), { after: fault }, [rule(DENY)]);
    expect(warned.map(({ severity }) => severity)).toEqual(['error']);
  });
});
