import { truncate } from '../core/base/text.ts';
import { colorsFor } from './colors.ts';
import type { LocatedFinding } from './located.ts';
import { findRule } from '../core/judge/catalogue.ts';
import { waiversOf } from '../core/base/waivers.ts';
import { objectPlace, placeText } from './place.ts';
import type { Rendered, Report } from './report.ts';
import { sanitize } from '../core/base/sanitize.ts';
import { textFinding } from './text.ts';

const MAX_NAME = 500;
const MAX_MESSAGE = 4000;
const MAX_BODY = 20_000;
const TOOL = 'iomesh-guard';

interface Case {
  readonly name: string;
  readonly suite: string;
  readonly kind: 'failure' | 'error' | 'skipped' | 'passed';
  /** What is inside the test case, escaped. */
  readonly content: string;
}

/**
 * The findings as JUnit XML, as Jenkins and GitLab read it: a suite for each file (or object of a live
 * cluster), a failed test for each finding, a skipped one for each that is waived, an error for
 * input that could not be read. One passed test where there is nothing, because an empty report counts as a fault.
 */
export function junitReport(report: Report): Rendered {
  const cases = [
    ...report.problems.map((problem) => errorCase(problem)),
    ...report.findings.map((each) => findingCase(each, report)),
    ...report.waived.map((each) => waivedCase(each, report)),
  ];
  if (cases.length === 0) cases.push({ name: 'no findings', suite: TOOL, kind: 'passed', content: '' });
  const suites = new Map<string, Case[]>();
  const names = new Map<string, number>();
  for (const each of cases) {
    const name = unique(each, names);
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

/** Consumers tell tests apart by suite and name, and drop the second of two alike. */
function unique({ suite, name }: Case, names: Map<string, number>): string {
  const key = `${suite}\0${name}`;
  const number = (names.get(key) ?? 0) + 1;
  names.set(key, number);
  return number === 1 ? name : `${name} (${number})`;
}

function findingCase(located: LocatedFinding, report: Report): Case {
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

function waivedCase(located: LocatedFinding, report: Report): Case {
  const message = truncate(`waived: ${reasonOf(located)}`, MAX_MESSAGE);
  return {
    name: caseName(located),
    suite: suiteName(located, report),
    kind: 'skipped',
    content: `<skipped message="${attribute(message)}"/>`,
  };
}

function errorCase(problem: string): Case {
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

function suiteName({ finding, location }: LocatedFinding, { fromRoot }: Report): string {
  if (location !== undefined) return fromRoot(location.file).path;
  const { object } = finding;
  return object === undefined ? TOOL : objectPlace(object, []);
}

function reasonOf({ finding }: LocatedFinding): string {
  for (const party of finding.objects)
    for (const { rule, reason } of waiversOf(party)) if (findRule(rule)?.code === finding.code) return reason;
  return '';
}

function suiteText(name: string, cases: readonly Case[], index: number, today: string): string {
  const number = (kind: Case['kind']): number => cases.filter((each) => each.kind === kind).length;
  const label = attribute(truncate(name, MAX_NAME));
  const counts = `tests="${cases.length}" failures="${number('failure')}" errors="${number('error')}" skipped="${number('skipped')}"`;
  const head = `<testsuite name="${label}" package="${TOOL}" id="${index}" ${counts} time="0" timestamp="${today}T00:00:00" hostname="localhost">`;
  const tests = cases.map((each) => {
    const open = `    <testcase name="${attribute(each.name)}" classname="${label}" time="0"`;
    return each.content === '' ? `${open}/>\n` : `${open}>${each.content}</testcase>\n`;
  });
  return `  ${head}\n    <properties/>\n${tests.join('')}    <system-out/>\n    <system-err/>\n  </testsuite>\n`;
}

/** One line of text inside double quotes. */
function attribute(text: string): string {
  return xml(sanitize(text)).replaceAll('"', '&quot;').replaceAll('\t', '&#9;');
}

/** XML cannot hold these at all, not even escaped: they are shown by their number, as elsewhere. */
const NO_CHARACTER = /[\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function xml(text: string): string {
  return text
    .replaceAll(NO_CHARACTER, (sign) => `\\u${sign.charCodeAt(0).toString(16)}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
