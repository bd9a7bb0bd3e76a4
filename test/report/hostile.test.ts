/** Hostile names and values in every format. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { colorsFor } from '../../src/report/colors.ts';
import { githubReport } from '../../src/report/github.ts';
import { gitlabReport } from '../../src/report/gitlab.ts';
import { junitReport } from '../../src/report/junit.ts';
import { sarifReport } from '../../src/report/sarif.ts';
import { stepSummary } from '../../src/report/step-summary.ts';
import { textReport } from '../../src/report/text.ts';
import { liveReport, readCommands, readGitlab, readJunit, readSarif } from '../support/reports.ts';

/** Text that has a meaning in one of the formats, and any other text. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...['::', '::error::', '\n::add-mask::x', '##[group]', '%0A', '%25', '\r\n', ',', ':', '='],
          ...[
            ']]>',
            '<!--',
            '-->',
            '&lt;',
            '&#0;',
            '<x/>',
            '"',
            "'",
            '\u0000',
            '\u001b[31m',
            '\ufffe',
            '\ud800',
            '\udc00',
          ],
          ...[
            '`',
            '|',
            '\\|',
            '**',
            '[a](http://e)',
            '](1)',
            '[',
            ']',
            '<img src=x>',
            '$x$',
            '@someone',
            '{0}',
            '{',
            '}',
          ],
          ...[
            '../',
            '..',
            '/',
            '.',
            '~',
            'file:///',
            'http://e/?#',
            '%2F',
            '\u202e',
            '\u200b',
            '\u2028',
            '\u{1f600}',
          ],
        ),
        fc.string({ maxLength: 4 }),
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
  // Longer than anything that is shown whole.
  fc.string({ minLength: 1, maxLength: 3 }).map((text) => text.repeat(3000)),
);

const reports = fc
  .record({ namespace: nasty, name: nasty, value: nasty, other: nasty, problem: nasty })
  .map(({ namespace, name, value, other, problem }) =>
    liveReport(
      [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { namespace, name },
          data: { clusterId: value, iscsiPortal: other, metaAddr: value, [other]: value },
        },
        {
          apiVersion: 'storage.k8s.io/v1',
          kind: 'StorageClass',
          metadata: { name },
          provisioner: 'com.iomesh.csi-driver',
          parameters: { clusterConnection: value, 'csi.storage.k8s.io/fstype': other, [value]: other },
        },
      ],
      { problems: [problem] },
    ),
  );

describe('hostile names and values', () => {
  it('keep SARIF, Code Quality, workflow commands and the job summary valid', () => {
    fc.assert(
      fc.property(reports, (report) => {
        const number = report.findings.length;
        const all = number + report.problems.length;
        const run = readSarif(sarifReport(report).text).runs[0];
        expect(run.results.length).toBe(number);
        for (const { message, relatedLocations = [] } of run.results)
          expect([...message.text.matchAll(/\]\((\d+|[^)]*)\)/g)].length).toBe(relatedLocations.length);
        const issues = readGitlab(gitlabReport(report).text);
        expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(all);

        const { commands, others } = readCommands(githubReport(report).text);
        const plain = others.filter((line) => /^(?:error|warning): /.test(line)).length;
        const annotations = commands.filter(({ name }) => name === 'error' || name === 'warning').length;
        expect(annotations + plain).toBe(all);
        expect(commands.length - annotations).toBe(plain > 0 ? 1 : 0);
        expect(others.length).toBe(plain + 1);

        const summary = stepSummary(report, 1024 * 1024).text;
        expect(summary.split(/\r\n|\r|\n/).filter((line) => /^(?:\|[^|]*){4}\|$/.test(line)).length).toBe(
          number + 2,
        );
        expect(summary.replaceAll('<br>', '')).not.toMatch(/<|\]\(/);
      }),
      { numRuns: 100 },
    );
  });

  it('put no control sequence into the text report', () => {
    fc.assert(
      fc.property(reports, ({ findings, summary }) => {
        const text = textReport({ findings, waived: [], summary, problems: [] }, colorsFor(false, {}));
        // The runner of GitHub reads it as a command anywhere in a line.
        expect(text).not.toContain('##[');
        expect(text).not.toMatch(/[^\P{Cc}\n\t]|[\u200b\u2028\u202e]/u);
      }),
      { numRuns: 200 },
    );
  });

  it('keep JUnit XML valid, with unique names of tests', async () => {
    await fc.assert(
      fc.asyncProperty(reports, async (report) => {
        const cases = await readJunit(junitReport(report).text);
        expect(cases.length).toBe(report.findings.length + 1);
        expect(new Set(cases.map(({ suite, name }) => `${suite}\0${name}`)).size).toBe(cases.length);
      }),
      { numRuns: 10 },
    );
  });
});
