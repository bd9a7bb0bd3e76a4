/**
 * Cases of rules. A case starts from the correct set in `examples/two-clusters`. It lists what is edited, added
 * and left out, and all findings that result. Positions are asserted on the text, as a user sees them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Config, DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import type { Finding } from '../../src/core/finding.ts';
import { judge, judgeChange } from '../../src/core/judge/judge.ts';
import { displayName, KINDS, type Resource } from '../../src/core/base/model.ts';
import { formatPath } from '../../src/core/base/path.ts';
import type { World } from '../../src/core/world.ts';
import { lineColumn } from '../../src/manifests/locate.ts';
import { readManifests } from '../../src/manifests/read.ts';
import { readValuesFile } from '../../src/manifests/helm/read.ts';
import { releaseOf } from '../../src/manifests/helm/release.ts';
import { KNOWN_KINDS, spanOf, worldOf } from '../../src/manifests/world.ts';

/** `find` must occur in the object's text exactly once, or `count` times, all of which are replaced. */
export type Edit = readonly [find: string, replace: string, count?: number];

/** Edits by object: `IOMeshCluster/iomesh-cluster-1`, `ConfigMap/iomesh-csi-configmap` … */
export type Edits = Readonly<Record<string, readonly Edit[]>>;

export interface Expected {
  readonly code: string;
  /** The text that is marked in the file. */
  readonly at?: string;
  /** The field path, or how it ends. */
  readonly path?: string;
  /** The object the finding is on: `namespace/name`. */
  readonly object?: string;
  readonly severity?: 'error' | 'warning';
  /** Words that the message must contain. */
  readonly says?: readonly string[];
  /** Words that the help must contain. */
  readonly help?: readonly string[];
  /** Words that the help must not contain. */
  readonly helpOmits?: readonly string[];
  /** For each related place, in order, the text marked there. */
  readonly related?: readonly string[];
  readonly fix?: 'safe' | 'unsafe' | 'shown';
}

interface CommonCase {
  readonly name: string;
  /** `two-clusters` (the default), or only the documents of `add`. */
  readonly base?: 'two-clusters' | 'empty';
  /** Objects left out of the base. */
  readonly drop?: readonly string[];
  readonly edit?: Edits;
  /** YAML documents after the base's. */
  readonly add?: string;
  /** Helm values of the management cluster. Its two objects are then left out of the base. */
  readonly values?: string;
  readonly config?: Partial<Config>;
  /** The current day; 2026-11-23 by default. */
  readonly today?: string;
}

/** A world read from files, and the findings of `lint`. */
export interface LintCase extends CommonCase {
  readonly expect: readonly Expected[];
  /** The lines that the fixes of the rule change, as a diff shows them; no other line changes. */
  readonly fixed?: string | undefined;
}

/**
 * One change of the case's world, and the findings at admission. Exactly one of `create` (YAML),
 * `update` (edits of one existing object) and `remove` (an existing object) is set.
 */
export interface ChangeCase extends CommonCase {
  readonly create?: string;
  readonly update?: Edits;
  readonly remove?: string;
  /** Whether the user may delete the object; unknown by default. */
  readonly mayDelete?: boolean;
  readonly denied?: readonly Expected[];
  readonly warned?: readonly Expected[];
  /** Number of waived findings. */
  readonly waived?: number;
}

/** One changed line as {@link LintCase.fixed} shows it. */
export function changed(before: string, after: string): string {
  return `-${before}\n+${after}\n`;
}

/** A configuration with an exception. Objects are patterns such as `ConfigMap/pool/*`. */
export function exceptionFor(rule: string, ...objects: string[]): Partial<Config> {
  const exceptions = [{ rule, objects, reason: 'ticket 4711', until: undefined }];
  return { waivers: { ...DEFAULT_CONFIG.waivers, exceptions } };
}

const EXAMPLE = join(import.meta.dirname, '../../examples/two-clusters');

/** The documents of the correct set, by `Kind/name`. */
export function baseDocuments(): Map<string, string> {
  const documents = new Map<string, string>();
  for (const folder of ['management', 'cluster-1'])
    for (const file of readdirSync(join(EXAMPLE, folder)).sort())
      add(documents, readFileSync(join(EXAMPLE, folder, file), 'utf8'));
  return documents;
}

function add(documents: Map<string, string>, yaml: string): void {
  for (const text of yaml.split(/^---\n/m)) {
    if (text.trim() === '') continue;
    const kind = /^kind: *(\S+)/m.exec(text)?.[1] ?? 'unknown';
    const name = /^ {2}name: *(\S+)/m.exec(text)?.[1] ?? 'unnamed';
    let key = `${kind}/${name}`;
    while (documents.has(key)) key += '+';
    documents.set(key, text.endsWith('\n') ? text : `${text}\n`);
  }
}

/** The objects of the base that the vendor's chart renders. */
const RENDERED = ['IOMeshCluster/iomesh', 'ZookeeperCluster/iomesh-zookeeper'];

/** The text of a case's world, one document after another. */
export function caseText(testCase: CommonCase, more: Edits = {}): string {
  const documents = testCase.base === 'empty' ? new Map<string, string>() : baseDocuments();
  if (testCase.values !== undefined) for (const key of RENDERED) documents.delete(key);
  for (const key of testCase.drop ?? []) {
    if (!documents.delete(key)) throw new Error(`${testCase.name}: nothing to drop at ${key}`);
  }
  if (testCase.add !== undefined) add(documents, testCase.add);
  for (const edits of [testCase.edit ?? {}, more]) {
    for (const [key, list] of Object.entries(edits)) {
      let text: string = documents.get(key) ?? '';
      if (!documents.has(key)) throw new Error(`${testCase.name}: nothing to edit at ${key}`);
      for (const [find, replace, count = 1] of list) {
        const pieces: string[] = text.split(find);
        if (pieces.length - 1 !== count)
          throw new Error(
            `${testCase.name}: ${JSON.stringify(find)} occurs ${pieces.length - 1} times in ${key}`,
          );
        text = pieces.join(replace);
      }
      documents.set(key, text);
    }
  }
  return [...documents.values()].join('---\n');
}

/** The configuration of a case. */
export function caseConfig(testCase: CommonCase): Config {
  return { ...DEFAULT_CONFIG, ...testCase.config };
}

/** The world that a text describes. */
export function readWorld(text: string, testCase: CommonCase): World {
  const file = readManifests('case.yaml', text, {
    // Only the deletion of a definition is checked.
    kinds: {
      isWanted: (apiVersion, kind) =>
        KNOWN_KINDS.isWanted(apiVersion, kind) || kind === 'CustomResourceDefinition',
    },
  });
  const config = caseConfig(testCase);
  const values = testCase.values === undefined ? [] : [readValuesFile('values.yaml', testCase.values)];
  const more = values.length === 0 ? {} : releaseOf(config.managementCluster, values, config);
  const files = [file, ...values.map((each) => each.file)];
  return worldOf(files, config, testCase.today ?? '2026-11-23', 'lint', more);
}

/** Asserts that `lint` reports exactly the findings of the case. */
export function runLintCase(testCase: LintCase): void {
  const world = readWorld(caseText(testCase), testCase);
  compare(judge(world).findings, testCase.expect);
}

/** The change a case describes: the world before, and the object before and after. */
export function caseChange(testCase: ChangeCase): {
  world: World;
  before?: Resource;
  after?: Resource;
  mayDelete?: boolean;
} {
  const world = readWorld(caseText(testCase), testCase);
  if (testCase.create !== undefined) {
    const created = readWorld(testCase.create, testCase);
    return { world, after: only(created) };
  }
  const key = testCase.remove ?? Object.keys(testCase.update ?? {})[0];
  const before = key === undefined ? undefined : find(world, key);
  if (key === undefined || before === undefined) throw new Error(`${testCase.name}: no object ${key}`);
  if (testCase.remove !== undefined) return { world, before };
  const after = find(readWorld(caseText(testCase, testCase.update), testCase), key);
  if (after === undefined) throw new Error(`${testCase.name}: the update lost ${key}`);
  const { mayDelete } = testCase;
  return { world, before, after, ...(mayDelete === undefined ? {} : { mayDelete }) };
}

/** Asserts that admission denies and warns with exactly the findings of the case. */
export function runChangeCase(testCase: ChangeCase): void {
  const { world, ...change } = caseChange(testCase);
  const verdict = judgeChange(world, change);
  compare(verdict.denied, testCase.denied ?? []);
  compare(verdict.warned, testCase.warned ?? []);
  expect(verdict.waived.length).toBe(testCase.waived ?? 0);
}

function everything(world: World): Resource[] {
  return KINDS.flatMap((kind) => [...world.all(kind)]);
}

function find(world: World, key: string): Resource | undefined {
  const [kind, name] = key.split('/');
  return everything(world).find((each) => each.kind === kind && each.ref.name === name);
}

function only(world: World): Resource {
  const all = everything(world);
  if (all.length !== 1) throw new Error(`a change creates one object, not ${all.length}`);
  return all[0]!;
}

function compare(findings: readonly Finding[], expected: readonly Expected[]): void {
  const sorted = [...findings].sort((a, b) => start(a) - start(b) || (a.code < b.code ? -1 : 1));
  const shown = sorted.map((each) => `${each.code} ${formatPath(each.path)}: ${each.message}`).join('\n');
  expect(sorted.map((each) => each.code).sort(), shown).toEqual(expected.map((each) => each.code).sort());
  const left = [...sorted];
  for (const want of expected) {
    const index = left.findIndex((each) => meets(each, want));
    expect(index, `no finding meets ${JSON.stringify(want)} among\n${left.map(show).join('\n')}`).not.toBe(
      -1,
    );
    left.splice(index, 1);
  }
}

function show(finding: Finding): string {
  const help = finding.help === undefined ? '' : `\n  help: ${finding.help}`;
  const where = `${JSON.stringify(marked(finding))} (${position(finding)})`;
  const related = finding.related
    .map((each) => `\n  related: ${JSON.stringify(marked(each))} ${each.message}`)
    .join('');
  return `${finding.code} ${finding.severity} ${finding.object ? displayName(finding.object) : ''} ${formatPath(finding.path)} at ${where}\n  ${finding.message}${help}${related}`;
}

function start(finding: Finding): number {
  return spanOf(finding)?.start ?? 0;
}

function position(finding: Finding): string {
  const span = spanOf(finding);
  if (span === undefined) return 'nowhere';
  const { line, column } = lineColumn(span.file, span.start);
  return `${line}:${column}`;
}

function marked(place: Parameters<typeof spanOf>[0]): string | undefined {
  const span = spanOf(place);
  return span?.file.text.slice(span.start, span.end);
}

function meets(finding: Finding, want: Expected): boolean {
  if (finding.code !== want.code) return false;
  if (want.severity !== undefined && finding.severity !== want.severity) return false;
  if (want.at !== undefined && marked(finding) !== want.at) return false;
  if (want.path !== undefined && !formatPath(finding.path).endsWith(want.path)) return false;
  if (
    want.object !== undefined &&
    (finding.object === undefined || displayName(finding.object) !== want.object)
  )
    return false;
  if (want.fix !== undefined && finding.fix?.safety !== want.fix) return false;
  if (
    want.related !== undefined &&
    JSON.stringify(finding.related.map(marked)) !== JSON.stringify(want.related)
  )
    return false;
  const holds = (text: string | undefined, words: readonly string[] = []) =>
    words.every((word) => text?.includes(word));
  const omits = (want.helpOmits ?? []).every((word) => finding.help?.includes(word) !== true);
  return holds(finding.message, want.says) && holds(finding.help, want.help) && omits;
}
