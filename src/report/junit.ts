import { colorsFor } from './colors.ts';
import { type LocatedFinding, objectPlace, placeText } from './located.ts';
import type { WaivedFinding } from '../core/finding.ts';
import type { FindingsReport, RenderedReport } from './report.ts';
import { sanitize } from '../core/base/sanitize.ts';
import { truncate } from '../core/base/text.ts';
import { textFinding } from './text.ts';

const MAX_NAME = 500;
const MAX_MESSAGE = 4000;
const MAX_BODY = 20_000;
const TOOL = 'iomesh-guard';

interface TestCase {
  readonly name: string;
  readonly suite: string;
  readonly kind: 'failure' | 'error' | 'skipped' | 'passed';
  /** The escaped content of the `testcase` element. */
  readonly content: string;
}

/**
 * The findings as JUnit XML for Jenkins and GitLab: a suite for each file or object of a live cluster, a failed test for
 * each finding, a skipped test for each waived one, and an error for input that could not be read. Without any of them
 * there is one passed test, because Jenkins fails on an empty report.
 */
export function junitReport(report: FindingsReport): RenderedReport {
  const cases = [
    ...report.problems.map((problem) => errorCase(problem)),
    ...report.findings.map((each) => findingCase(each, report)),
    ...report.waived.map((each) => waivedCase(each, report)),
  ];
  if (cases.length === 0) cases.push({ name: 'no findings', suite: TOOL, kind: 'passed', content: '' });
  const suites = new Map<string, TestCase[]>();
  const names = new Map<string, number>();
  for (const each of cases) {
    const name = uniqueName(each, names);
    const suite = suites.get(each.suite);
    if (suite === undefined) suites.set(each.suite, [{ ...each, name }]);
    else suite.push({ ...each, name });
  }
  const parts = [...suites].map(([name, members], index) => suiteText(name, members, index, report.today));
  return {
    text: `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${parts.join('')}</testsuites>\n`,
    notes: [],
  };
}

/** Consumers identify a test by suite and name, and drop a second one with the same name. */
function uniqueName({ suite, name }: TestCase, names: Map<string, number>): string {
  const key = `${suite}\0${name}`;
  const number = (names.get(key) ?? 0) + 1;
  names.set(key, number);
  return number === 1 ? name : `${name} (${number})`;
}

function findingCase(located: LocatedFinding, report: FindingsReport): TestCase {
  const { finding } = located;
  const place = placeText(located, report.fromRoot);
  const message = truncate(`${place === '' ? '' : `${place}: `}${finding.message}`, MAX_MESSAGE);
  const body = truncate(textFinding(located, colorsFor(false, {})), MAX_BODY);
  return {
    name: caseName(located),
    suite: suiteName(located, report),
    kind: 'failure',
    content: `<failure type="${finding.severity}" message="${attribute(message)}">${xml(body)}</failure>`,
  };
}

function waivedCase(located: LocatedFinding<WaivedFinding>, report: FindingsReport): TestCase {
  const message = truncate(`waived: ${located.finding.waiver.reason}`, MAX_MESSAGE);
  return {
    name: caseName(located),
    suite: suiteName(located, report),
    kind: 'skipped',
    content: `<skipped message="${attribute(message)}"/>`,
  };
}

function errorCase(problem: string): TestCase {
  const message = attribute(truncate(problem, MAX_MESSAGE));
  return {
    name: truncate(problem, MAX_NAME),
    suite: TOOL,
    kind: 'error',
    content: `<error type="input" message="${message}"/>`,
  };
}

function caseName({ finding }: LocatedFinding): string {
  const place = finding.object === undefined ? '' : `: ${objectPlace(finding.object, finding.path)}`;
  return truncate(`${finding.code} ${finding.name}${place}`, MAX_NAME);
}

function suiteName({ finding, location }: LocatedFinding, { fromRoot }: FindingsReport): string {
  if (location !== undefined) return fromRoot(location.file).path;
  const { object } = finding;
  return object === undefined ? TOOL : objectPlace(object, []);
}

function suiteText(name: string, cases: readonly TestCase[], index: number, today: string): string {
  const number = (kind: TestCase['kind']): number => cases.filter((each) => each.kind === kind).length;
  const label = attribute(truncate(name, MAX_NAME));
  const counts = `tests="${cases.length}" failures="${number('failure')}" errors="${number('error')}" skipped="${number('skipped')}"`;
  const head = `<testsuite name="${label}" package="${TOOL}" id="${index}" ${counts} time="0" timestamp="${today}T00:00:00" hostname="localhost">`;
  const tests = cases.map((each) => {
    const open = `    <testcase name="${attribute(each.name)}" classname="${label}" time="0"`;
    return each.content === '' ? `${open}/>\n` : `${open}>${each.content}</testcase>\n`;
  });
  return `  ${head}\n    <properties/>\n${tests.join('')}    <system-out/>\n    <system-err/>\n  </testsuite>\n`;
}

/** Text for an attribute in double quotes, on one line. */
function attribute(text: string): string {
  return xml(sanitize(text)).replaceAll('"', '&quot;').replaceAll('\t', '&#9;');
}

/** Characters that XML does not allow, not even escaped; they are written as their number. */
const NOT_IN_XML = /[\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function xml(text: string): string {
  return text
    .replaceAll(NOT_IN_XML, (sign) => `\\u${sign.charCodeAt(0).toString(16)}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
