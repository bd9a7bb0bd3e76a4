/**
 * No error stands in a world that requests can reach unless a request was denied or warned of for it: shown for
 * every world of small universes. The exceptions are in `docs/guarantees.md`, which this test writes:
 * `TEST_RUNS=1 npx vitest run test/closure -u`.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { IOMESH_VERSIONS } from '../../src/core/base/iomesh-version.ts';
import { explore, mergeClasses, type Universe } from './explore.ts';
import { guaranteesPage } from './guarantees.ts';
import { REASONS, reasonsFor } from './reasons.ts';
import { answerTo } from './steps.ts';
import { universesOf } from './universes.ts';

const IS_WHOLE = Number(process.env['TEST_RUNS'] ?? 0) >= 1;
/** The worlds of each universe that are looked at while one works. */
const FEW = 25;
const PAGE = join(import.meta.dirname, '../../docs/guarantees.md');

describe('every reachable world', () => {
  const explorations = IOMESH_VERSIONS.flatMap(universesOf).map(
    (universe) => () => explore(universe, undefined, IS_WHOLE ? undefined : FEW),
  );

  it('has only errors that a request was denied or warned of for, or that have a reason', {
    timeout: 900_000,
  }, async () => {
    const found = explorations.map((run) => run());
    const classes = [...mergeClasses(found).values()];
    const withoutReason = classes.filter((each) => reasonsFor(each).length !== 1);
    expect(withoutReason).toEqual([]);
    if (!IS_WHOLE) return;
    expect(found.reduce((sum, { worlds }) => sum + worlds, 0)).toBeGreaterThan(5000);
    const used = new Set(classes.flatMap(reasonsFor));
    expect(REASONS.filter((each) => each.rare !== true && !used.has(each))).toEqual([]);
    await expect(guaranteesPage(found)).toMatchFileSnapshot(PAGE);
  });
});

describe('the search', () => {
  it.each([
    ['IOM101', 'placement'],
    ['IOM102', 'placement'],
    ['IOM201', 'connections'],
    ['IOM301', 'devices'],
    ['IOM501', 'classes'],
    ['IOM703', 'names'],
    ['IOM708', 'names'],
  ])('finds that %s is not evaluated', (code, name) => {
    expect(unexplained(named(name), forgetting(code))).toContain(`${code} silent`);
  });

  it('finds that the owner which the garbage collector looks at is not evaluated', () => {
    expect(unexplained(named('owners'), forgetting('IOM608'))).toContain('IOM504 silent');
  });

  it('finds that the answer does not name what is waived', () => {
    const silent: typeof answerTo = (...request) => ({ ...answerTo(...request), waived: [] });
    expect(unexplained(named('waivers'), silent)).toEqual(
      expect.arrayContaining(['IOM101 silent', 'IOM202 silent']),
    );
  });

  it('finds that an annotation waives what concerns other clusters', () => {
    const { config, ...rest } = named('waivers');
    const lenient = {
      ...rest,
      config: { ...config, waivers: { ...config.waivers, annotations: 'all' as const } },
    };
    expect(unexplained(lenient)).toContain('IOM101 waived by annotation');
  });
});

function named(name: string): Universe {
  return universesOf('1.0').find((each) => each.name.startsWith(`${name},`))!;
}

/** The webhook without a rule. */
function forgetting(code: string): typeof answerTo {
  return (...request) => {
    const { denied, warned, ...answer } = answerTo(...request);
    const left = denied.filter((each) => each.code !== code);
    const outcome = answer.outcome === 'denied' && left.length === 0 ? 'admitted' : answer.outcome;
    return { ...answer, outcome, denied: left, warned: warned.filter((each) => each.code !== code) };
  };
}

/** The classes without a reason, of the first worlds. */
function unexplained(universe: Universe, answer?: typeof answerTo): readonly string[] {
  const { classes } = explore(universe, answer, 200);
  return [...classes.values()]
    .filter((each) => reasonsFor(each).length === 0)
    .map(({ code, report }) => `${code} ${report}`);
}
