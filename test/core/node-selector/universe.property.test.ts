import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/base/json.ts';
import {
  hostnames,
  matches,
  type Overlap,
  overlaps,
  type Selection,
  SelectionIndex,
  sameSelection,
  satisfiable,
  type Term,
} from '../../../src/core/node-selector/index.ts';
import { HOSTNAME, place, select } from './helpers.ts';
import { anyPodPolicy, landing, meet, NODES, VALUES } from './universe.ts';
import { runsOf } from '../../support/runs.ts';

const seed = Number(process.env['SELECTOR_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const BATCH = 20;
const PAIRS = (BATCH * (BATCH + 1)) / 2;
const batch = fc.array(anyPodPolicy, { minLength: BATCH, maxLength: BATCH });

/** A selection, and the nodes that it and each of its terms match. */
interface Tried {
  readonly selection: Selection;
  readonly nodes: readonly boolean[];
  readonly terms: ReadonlyMap<Term, readonly boolean[]>;
}

function tryOut(podPolicy: JsonObject): Tried {
  const selection = select(podPolicy);
  const terms = new Map(selection.terms.map((term) => [term, landing({ terms: [term] })]));
  return { selection, nodes: landing(selection), terms };
}

/** Values of one key that a term allows, according to the nodes that it matches. */
function allowed(nodes: readonly boolean[], key: string): Set<string | undefined> {
  const found = new Set<string | undefined>();
  for (const [index, node] of NODES.entries()) {
    if (nodes[index]) found.add(key === 'metadata.name' ? node.name : node.labels[key]);
  }
  return found;
}

/** `expect(actual).toEqual(expected)` for plain data, at a cost that fits a hundred thousand pairs. */
function equal(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual).toEqual(expected);
}

function lists(term: Term, key: string): boolean {
  return term.requirements.some((each) => each.key === key && each.operator === 'In');
}

function keysOf(term: Term): Set<string> {
  return new Set(term.requirements.map(({ key }) => key));
}

function checkOverlap(overlap: Overlap, a: Tried, b: Tried): void {
  const { commonKeys, exampleNode, sharedValues } = overlap;
  const node = { name: exampleNode.name ?? 'any-other-node', labels: exampleNode.labels };
  equal(matches({ terms: [overlap.a] }, node), true);
  equal(matches({ terms: [overlap.b] }, node), true);
  for (const key of exampleNode.absent) equal(Object.hasOwn(exampleNode.labels, key), false);
  const common = [...keysOf(overlap.a)].filter((key) => keysOf(overlap.b).has(key));
  equal([...commonKeys].sort(), common.sort());
  const bothList = common.filter((key) => lists(overlap.a, key) && lists(overlap.b, key));
  equal(Object.keys(sharedValues).sort(), bothList.sort());
  for (const key of bothList) {
    const inA = allowed(a.terms.get(overlap.a)!, key);
    const inB = allowed(b.terms.get(overlap.b)!, key);
    equal(sharedValues[key], VALUES[key]!.filter((value) => inA.has(value) && inB.has(value)).sort());
  }
}

function checkPair(a: Tried, b: Tried): boolean {
  const expected: string[] = [];
  for (const [indexA, termA] of a.selection.terms.entries()) {
    for (const [indexB, termB] of b.selection.terms.entries()) {
      if (meet(a.terms.get(termA)!, b.terms.get(termB)!)) expected.push(`${indexA} ${indexB}`);
    }
  }
  const found = overlaps(a.selection, b.selection);
  const { terms: termsA } = a.selection;
  const { terms: termsB } = b.selection;
  equal(
    found.map((each) => `${termsA.indexOf(each.a)} ${termsB.indexOf(each.b)}`),
    expected,
  );
  equal(found.length > 0, meet(a.nodes, b.nodes));
  for (const overlap of found) checkOverlap(overlap, a, b);
  return found.length > 0;
}

describe(`every node of a small universe (SELECTOR_SEED=${seed})`, () => {
  it('agrees on overlaps, example nodes and shared values of every pair', () => {
    console.log(`selector properties: SELECTOR_SEED=${seed}`);
    let [pairs, meeting] = [0, 0];
    const property = fc.property(batch, (podPolicies) => {
      const tried = podPolicies.map(tryOut);
      for (const [index, a] of tried.entries()) {
        for (const b of tried.slice(index)) {
          pairs++;
          if (checkPair(a, b)) meeting++;
        }
      }
    });
    fc.assert(property, { seed, numRuns: runsOf(105_000 / PAIRS) });
    expect(pairs).toBeGreaterThanOrEqual(runsOf(100_000));
    expect(meeting / pairs).toBeGreaterThan(0.25);
    expect(meeting / pairs).toBeLessThan(0.75);
  });

  it('agrees on satisfiability, contradictions and host names of every selection', () => {
    let [selections, empty, finite, named] = [0, 0, 0, 0];
    const property = fc.property(batch, (podPolicies) => {
      for (const podPolicy of podPolicies) {
        const { selection, nodes, terms } = tryOut(podPolicy);
        selections++;
        for (const [term, landed] of terms) expect(satisfiable(term)).toBe(landed.includes(true));
        expect(satisfiable(selection)).toBe(nodes.includes(true));
        if (!nodes.includes(true)) empty++;

        const dead = [...terms.values()].filter((landed) => !landed.includes(true)).length;
        const contradictions = place(podPolicy).errors.filter(({ reason }) => reason === 'contradiction');
        expect(contradictions.length).toBe(dead);
        if (dead > 0) named++;

        const hosts = hostnames(selection);
        if (hosts === undefined) continue;
        finite++;
        const used = new Set<string>();
        for (const [index, node] of NODES.entries()) {
          const hostname = node.labels[HOSTNAME];
          if (!nodes[index]) continue;
          const by = [node.name, hostname].filter((each) => each !== undefined && hosts.includes(each));
          expect(by.length).toBeGreaterThan(0);
          for (const each of by) used.add(each!);
        }
        expect([...used].sort()).toEqual(hosts);
      }
    });
    fc.assert(property, { seed, numRuns: runsOf(300) });
    expect(selections).toBe(20 * runsOf(300));
    for (const count of [empty, finite, named]) expect(count / selections).toBeGreaterThan(0.05);
  });

  it('is matched alike by selections that are the same, and a rewritten selection is the same', () => {
    let same = 0;
    const property = fc.property(batch, (podPolicies) => {
      const tried = podPolicies.map(tryOut);
      for (const a of tried) {
        expect(sameSelection(a.selection, rewritten(a.selection))).toBe(true);
        for (const b of tried) {
          if (a === b || !sameSelection(a.selection, b.selection)) continue;
          same++;
          expect(b.nodes).toEqual(a.nodes);
        }
      }
    });
    fc.assert(property, { seed, numRuns: runsOf(120) });
    expect(same).toBeGreaterThan(runsOf(50));
  });

  it('shows that the index misses no overlap', () => {
    let [asked, named] = [0, 0];
    const property = fc.property(batch, (podPolicies) => {
      const tried = podPolicies.map(tryOut);
      const index = new SelectionIndex(tried.map((each) => [each.selection, each] as const));
      for (const { selection, nodes } of tried) {
        const found = index.candidates(selection);
        const expected = tried.filter((each) => meet(each.nodes, nodes));
        expect(found.filter((each) => expected.includes(each))).toEqual(expected);
        expect(found).toEqual(tried.filter((each) => found.includes(each)));
        asked += tried.length;
        named += found.length;
      }
    });
    fc.assert(property, { seed, numRuns: runsOf(100) });
    // An index that always returned everything would miss nothing either.
    expect(named / asked).toBeLessThan(0.85);
  });
});

/** An equal selection: everything in reverse order and twice. */
function rewritten({ terms }: Selection): Selection {
  const twice = terms.map(({ requirements, path }) => ({
    path,
    requirements: [...requirements, ...requirements].reverse().map((each) => ({
      ...each,
      values: each.operator === 'In' ? [...each.values, ...each.values].reverse() : each.values,
    })),
  }));
  return { terms: [...twice, ...terms].reverse() };
}
