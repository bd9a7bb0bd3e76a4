/** Runs the command line in this process, and parses its reports as their readers do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateXML } from 'xmllint-wasm';
import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import type { Io } from '../../src/commands/io.ts';
import { main } from '../../src/commands/main.ts';
import { DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import { judge } from '../../src/core/judge/judge.ts';
import type { JsonObject } from '../../src/core/base/json.ts';
import { toResource } from '../../src/core/base/model.ts';
import { World } from '../../src/core/world.ts';
import { locateFindings } from '../../src/report/located.ts';
import type { FindingsReport } from '../../src/report/report.ts';
import { ROOT } from './run-cli.ts';

export const TODAY = '2026-11-23';
export const BROKEN = join(ROOT, 'examples/broken');
export const CLEAN = join(ROOT, 'examples/two-clusters');

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs one command line, such as `lint …`, to its end. */
export async function runHere(
  args: readonly string[],
  { cwd = ROOT, env = {}, input = '' }: Surroundings = {},
): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  const io: Io = {
    cwd,
    env,
    stdout: { isTerminal: false, write: (text) => (stdout += text) },
    stderr: { isTerminal: false, write: (text) => (stderr += text) },
    readStdin: async () => Buffer.from(input),
    clock: () => 0,
    today: () => TODAY,
  };
  const code = await main(args, io, '1.2.3');
  return { code, stdout, stderr };
}

/** A report of objects without files, as `audit` makes it. */
export function liveReport(
  objects: readonly JsonObject[],
  more: Partial<FindingsReport> = {},
): FindingsReport {
  const resources = objects.map((json) => toResource(json)).filter((each) => each !== undefined);
  const judgement = judge(World.of({ resources, config: DEFAULT_CONFIG, today: TODAY }));
  const findings = locateFindings(judgement.findings);
  return reportOf({ findings, waived: locateFindings(judgement.waived), ...more });
}

/** A report with defaults for everything but its findings. */
export function reportOf(more: Partial<FindingsReport> & Pick<FindingsReport, 'findings'>): FindingsReport {
  const errors = more.findings.filter((each) => each.finding.severity === 'error').length;
  return {
    waived: [],
    problems: [],
    notes: [],
    today: TODAY,
    fromRoot: (file) => ({ kind: 'file', path: file }),
    summary: {
      files: 1,
      documents: 1,
      objects: 1,
      errors,
      warnings: more.findings.length - errors,
      waived: more.waived?.length ?? 0,
      durationMs: 0,
      foreign: 0,
      notKubernetes: 0,
    },
    ...more,
  };
}

const SCHEMAS = join(ROOT, 'test/fixtures/schemas');
const ajv = new Ajv2020({
  strict: false,
  allErrors: true,
  formats: { uri: isUri, 'uri-reference': isUriReference, 'date-time': true, uuid: true },
});
const sarifSchema = ajv.compile(JSON.parse(readFileSync(join(SCHEMAS, 'sarif-schema-2.1.0.json'), 'utf8')));
const gitlabSchema = ajv.compile({
  type: 'array',
  items: JSON.parse(readFileSync(join(SCHEMAS, 'gitlab-codequality.json'), 'utf8')),
});

function isUri(text: string): boolean {
  return URL.canParse(text) && isUriReference(text);
}

/** The characters RFC 3986 allows, percent signs only before two digits; no colon in the first part of a relative path. */
function isUriReference(text: string): boolean {
  if (!/^(?:[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*$/.test(text)) return false;
  return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text) || !/^[^/]*:/.test(text);
}

// biome-ignore lint/suspicious/noExplicitAny: another program's format
export function readSarif(text: string): any {
  const log = JSON.parse(text);
  expectValid(sarifSchema(log), sarifSchema.errors);
  return log;
}

export interface GitlabIssue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: {
    readonly path: string;
    readonly lines: { readonly begin: number; readonly end: number };
  };
}

export function readGitlab(text: string): GitlabIssue[] {
  const issues = JSON.parse(text);
  expectValid(gitlabSchema(issues), gitlabSchema.errors);
  return issues;
}

function expectValid(valid: unknown, errors: ErrorObject[] | null | undefined): void {
  expect(valid, JSON.stringify(errors?.slice(0, 5))).toBe(true);
}

export interface JunitCase {
  readonly suite: string;
  readonly name: string;
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped';
  readonly type: string | undefined;
  readonly message: string | undefined;
  readonly body: string;
}

/** The test cases of a JUnit report. Checks both schemas and the counts. */
export async function readJunit(text: string): Promise<JunitCase[]> {
  for (const name of ['JUnit.xsd', 'junit-10.xsd']) {
    const schema = readFileSync(join(SCHEMAS, name), 'utf8');
    const { valid, errors } = await validateXML({
      xml: [{ fileName: 'report.xml', contents: text }],
      schema: [schema],
      maxMemoryPages: 8192,
    });
    expect(valid, `${name}: ${JSON.stringify(errors.slice(0, 3))}`).toBe(true);
  }
  const cases: JunitCase[] = [];
  for (const [, head = '', inner = ''] of text.matchAll(/<testsuite ([^>]*)>(.*?)<\/testsuite>/gs)) {
    const suite = attributesOf(head);
    const members = [...inner.matchAll(/<testcase ([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)].map(
      ([, attributes = '', content = '']): JunitCase => {
        const outcome = /^<(failure|error|skipped)([^>]*?)(?:\/>|>(.*)<\/\1>)$/s.exec(content);
        const { type, message } = attributesOf(outcome?.[2] ?? '');
        return {
          suite: suite['name'] ?? '',
          name: attributesOf(attributes)['name'] ?? '',
          outcome: (outcome?.[1] ?? 'passed') as JunitCase['outcome'],
          type,
          message,
          body: unescapeXml(outcome?.[3] ?? ''),
        };
      },
    );
    const number = (outcome: string) => String(members.filter((each) => each.outcome === outcome).length);
    expect(suite['tests']).toBe(String(members.length));
    expect(suite['failures']).toBe(number('failure'));
    expect(suite['errors']).toBe(number('error'));
    expect(suite['skipped']).toBe(number('skipped'));
    cases.push(...members);
  }
  return cases;
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, unescapeXml(value)]),
  );
}

function unescapeXml(text: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&', '#9': '\t' };
  return text.replaceAll(/&(lt|gt|quot|amp|#9);/g, (_all, name: string) => named[name] ?? '');
}

export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** The workflow commands of a log, as the runner of GitHub reads them: `::name key=value,key=value::message` at the start of a line. */
export function readCommands(log: string): { commands: WorkflowCommand[]; others: string[] } {
  const commands: WorkflowCommand[] = [];
  const others: string[] = [];
  for (const line of log.split(/\r\n|\r|\n/)) {
    const text = line.trimStart();
    const end = text.startsWith('::') ? text.indexOf('::', 2) : -1;
    if (end < 0) {
      // The runner finds the older form anywhere in a line.
      expect(line).not.toContain('##[');
      if (line !== '') others.push(line);
      continue;
    }
    const head = text.slice(2, end);
    const space = head.indexOf(' ');
    const pairs = space < 0 ? [] : head.slice(space + 1).split(',');
    commands.push({
      name: space < 0 ? head : head.slice(0, space),
      properties: Object.fromEntries(
        pairs.map((pair) => {
          const equals = pair.indexOf('=');
          return [pair.slice(0, equals), unescapeCommand(pair.slice(equals + 1), true)];
        }),
      ),
      message: unescapeCommand(text.slice(end + 2), false),
    });
  }
  return { commands, others };
}

function unescapeCommand(text: string, property: boolean): string {
  let result = text.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
  if (property) result = result.replaceAll('%3A', ':').replaceAll('%2C', ',');
  return result.replaceAll('%25', '%');
}
