/** Warnings with long names, as kubectl prints them: complete, or shortened without losing the way out. */
import { describe, expect, it } from 'vitest';
import { warningTexts } from '../../src/admission/response.ts';
import { DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import type { Json, JsonObject } from '../../src/core/base/json.ts';
import { describe as describeObject, type Resource, toResource } from '../../src/core/base/model.ts';
import type { Finding } from '../../src/core/finding.ts';
import { judgeChange } from '../../src/core/judge/judge.ts';
import { World } from '../../src/core/world.ts';
import { CASES } from '../cases/all.ts';
import { caseChange, caseConfig, caseText, readWorld } from '../cases/harness.ts';
import { foreignWarning, sentWarnings } from '../support/warnings.ts';
import { appFor, ask, fixed, reviewOf } from '../support/webhook.ts';

/** Names of 40 characters in place of those of the examples. */
const LONG: readonly [string, string][] = [
  ['iomesh-system', 'iomesh-system-of-the-first-data-centre-1'],
  ['iomesh-cluster-1', 'iomesh-cluster-1-of-the-second-building1'],
];

function renamed(value: Json, names: readonly (readonly [string, string])[]): Json {
  if (typeof value === 'string') return names.reduce((text, [from, to]) => text.replaceAll(from, to), value);
  if (Array.isArray(value)) return value.map((each) => renamed(each as Json, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, renamed(each as Json, names)] as const),
  );
}

function rename(resource: Resource, names: readonly (readonly [string, string])[] = LONG): Resource {
  return toResource(renamed(resource.json, names) as JsonObject) ?? resource;
}

/** Everything that kubectl prints about the changes of the cases of all rules, with long names and in mode `warn`. */
function* warnedOf(): Generator<{ subject: Resource; findings: readonly Finding[] }> {
  for (const { lint, change } of CASES) {
    for (const each of change) {
      const { world, before, after } = caseChange(each);
      const config = { ...caseConfig(each), mode: 'warn' } as const;
      const long = World.of({
        ...world,
        resources: world.resources.map((one) => rename(one)),
        config: at(config),
      });
      const changed = { ...(before && { before: rename(before) }), ...(after && { after: rename(after) }) };
      yield {
        subject: (changed.after ?? changed.before)!,
        findings: judgeChange(long, changed).warned,
      };
    }
    for (const each of lint) {
      const world = readWorld(caseText(each), each);
      const config = { ...caseConfig(each), mode: 'warn' } as const;
      const resources = world.resources.map((one) => rename(one));
      for (const after of resources) {
        const others = resources.filter((one) => one !== after);
        const long = World.of({ resources: others, today: world.today, config: at(config) });
        yield { subject: after, findings: judgeChange(long, { after }).warned };
      }
    }
  }
}

function at<T extends { managementCluster: { namespace: string } }>(config: T): T {
  const { namespace } = config.managementCluster;
  return {
    ...config,
    managementCluster: { ...config.managementCluster, namespace: renamed(namespace, LONG) as string },
  };
}

const words = (text: string) =>
  text
    .replaceAll('…', ' ')
    .split(' ')
    .filter((word) => word !== '');

describe('the warnings of every rule with names of 40 characters', () => {
  const all = [...warnedOf()].filter(({ findings }) => findings.length > 0);

  it('cover the rules', () => {
    const codes = new Set(all.flatMap(({ findings }) => findings.map(({ code }) => code)));
    console.info(`warnings: ${all.length} answers, ${codes.size} rules`);
    expect(codes.size).toBeGreaterThan(55);
  });

  it('are complete, each with object and help, if they fit', () => {
    for (const { subject, findings } of all) {
      const sent = sentWarnings([foreignWarning(1000), ...warningTexts(findings, subject.ref)]).slice(1);
      const left = /^and \d+ more findings?$/.test(sent.at(-1) ?? '');
      if (left) continue;
      for (const finding of findings) {
        const line = sent.find(
          (text) => text.startsWith(finding.code) && text.includes(nameOf(finding, subject)),
        );
        expect(line, `${finding.code} of ${nameOf(finding, subject)}\n${sent.join('\n')}`).toBeDefined();
      }
    }
    // A single finding is never shortened.
    for (const { subject, findings } of all) {
      for (const finding of findings) {
        const [text = ''] = sentWarnings([
          foreignWarning(1000),
          ...warningTexts([finding], subject.ref),
        ]).slice(1);
        for (const part of [finding.message, finding.help ?? ''])
          expect(text.replaceAll('\\n', '')).toContain(part.split(/[^\x20-\x7e]/)[0]);
      }
    }
  });

  it('keep the help and cut no word if they must be shortened', () => {
    let shortened = 0;
    for (const { subject, findings } of all) {
      for (const finding of findings) {
        const [full = ''] = warningTexts([finding], subject.ref);
        // So many other findings that each gets no more than 256 bytes.
        const filler = Array.from({ length: 11 }, (_, index) => ({
          ...finding,
          code: 'IOM000',
          message: `${index} ${'x '.repeat(300)}`,
          object: subject.ref,
          help: undefined,
        }));
        const texts = warningTexts([...filler, finding], subject.ref);
        const short = texts.find((text) => text.startsWith(finding.code));
        if (short === undefined) throw new Error(texts.join('\n'));
        if (short === full) continue;
        expect(Buffer.byteLength(short)).toBeLessThanOrEqual(256);
        shortened += 1;
        expect(short).toContain(nameOf(finding, subject));
        const help = finding.help;
        if (help !== undefined && !short.endsWith(help))
          expect(short).toMatch(new RegExp(`; see: iomesh-guard explain ${finding.code}$`));
        const known = new Set(words(`${full} ; see: iomesh-guard explain ${finding.code}`));
        const strange = words(short).filter(
          (word) => !known.has(word) && !known.has(word.replace(/[;:,]$/, '')),
        );
        expect(strange, `${short}\n${full}`).toEqual([]);
      }
    }
    expect(shortened).toBeGreaterThan(100);
  });

  function nameOf(finding: Finding, subject: Resource): string {
    if (finding.object === undefined) return '';
    const own = describeObject(finding.object) === describeObject(subject.ref);
    return own ? '' : describeObject(finding.object);
  }
});

describe('an upgrade of the management cluster', () => {
  const base = readWorld(caseText({ name: 'upgrade' }), { name: 'upgrade' });
  const [management] = base.all('IOMeshCluster').filter(({ ref }) => ref.name === 'iomesh');
  const pools = (count: number, nameOf: (index: number) => string) =>
    Array.from({ length: count }, (_, index) =>
      base.resources
        .filter(({ json }) => JSON.stringify(json).includes('iomesh-cluster-1'))
        .map((each) =>
          rename(each, [
            ['iomesh-cluster-1', nameOf(index + 1)],
            ...[3, 4, 5].map((node): [string, string] => [
              `k8s-worker-${node}`,
              `k8s-worker-${3 * index + node}`,
            ]),
          ]),
        ),
    ).flat();

  it.each([
    ['10 pools', 10, (index: number) => `iomesh-cluster-${index}`],
    [
      '10 pools with names of 40 characters',
      10,
      (index: number) => `iomesh-cluster-of-the-second-building-${index}`.padEnd(40, 'x'),
    ],
  ])('names every one of %s', async (_what, count, nameOf) => {
    const own = base.resources.filter(({ json }) => !JSON.stringify(json).includes('iomesh-cluster-1'));
    const world = World.of({ ...base, mode: 'admission', resources: [...own, ...pools(count, nameOf)] });
    const text = JSON.stringify(management!.json)
      .replaceAll('v5.3.0-rc13-enterprise', 'v5.4.0-rc3-enterprise')
      .replaceAll('"v1.0.1"', '"v1.0.2"');
    const { app } = appFor(fixed(world));
    const after = toResource(JSON.parse(text))!;
    const { response } = await ask(app, '/validate', reviewOf({ before: management!, after }));
    expect(response.allowed).toBe(true);
    const printed = sentWarnings([foreignWarning(900), ...(response.warnings ?? [])]).slice(1);
    const lagging = printed.filter((line) => line.startsWith('IOM403'));
    // One line for each tag.
    expect(lagging).toHaveLength(2);
    for (const line of lagging) {
      for (let index = 1; index <= count; index += 1)
        expect(line).toContain(` ${nameOf(index)}/${nameOf(index)}`);
      expect(line).toMatch(/wait until .* then set spec\./);
    }
    expect(lagging[0]).toContain('"v5.4.0-rc3-enterprise"');
    expect(lagging[1]).toContain('"v1.0.2"');
  });

  it('counts the clusters that do not fit', () => {
    const own = base.resources.filter(({ json }) => !JSON.stringify(json).includes('iomesh-cluster-1'));
    const many = pools(60, (index) => `iomesh-cluster-of-the-second-building-${index}`);
    const world = World.of({ ...base, mode: 'admission', resources: [...own, ...many] });
    const text = JSON.stringify(management!.json).replaceAll(
      'v5.3.0-rc13-enterprise',
      'v5.4.0-rc3-enterprise',
    );
    const change = { before: management!, after: toResource(JSON.parse(text))! };
    const texts = warningTexts(judgeChange(world, change).warned, management!.ref);
    const [line = ''] = texts.filter((each) => each.startsWith('IOM403'));
    expect(line).toMatch(/and \d+ more: .*(; wait|; see: iomesh-guard explain IOM403$)/);
    expect(Buffer.byteLength(texts.join(''))).toBeLessThanOrEqual(4096);
  });
});

it('puts a denied rule first and the object of the request before others', async () => {
  const world = readWorld(caseText({ name: 'order' }), { name: 'order' });
  const { app } = appFor(
    fixed(World.of({ ...world, resources: world.resources, config: { ...DEFAULT_CONFIG, mode: 'warn' } })),
  );
  const [pool] = world.all('IOMeshCluster').filter(({ ref }) => ref.name === 'iomesh-cluster-1');
  const text = JSON.stringify(pool!.json)
    .replaceAll('k8s-worker-3', 'k8s-worker-2')
    .replaceAll('"Delete"', '"Retain"');
  const after = toResource(JSON.parse(text))!;
  const { response } = await ask(app, '/validate', reviewOf({ before: pool!, after }));
  const codes = (response.warnings ?? []).map((line) => line.slice(0, 6));
  expect(codes[0]).toBe('IOM101');
  expect(codes.indexOf('IOM305')).toBeGreaterThan(0);
});
