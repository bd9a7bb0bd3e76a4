/** Names and values that nobody should choose: every format stays what its readers take it for. */
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

/** Whatever means something to one of the readers, and any other text. */
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
  it('leave SARIF, Code Quality, workflow commands and the job summary what they are', () => {
    fc.assert(
      fc.property(reports, (report) => {
        const number = report.findings.length;
        const run = readSarif(sarifReport(report).text).runs[0];
        expect(run.results.length).toBe(number);
        for (const { message, relatedLocations = [] } of run.results)
          expect([...message.text.matchAll(/\]\((\d+|[^)]*)\)/g)].length).toBe(relatedLocations.length);
        const issues = readGitlab(gitlabReport(report).text);
        expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(number);

        const { commands, others } = readCommands(githubReport(report).text);
        const told = others.filter((line) => /^(?:error|warning): /.test(line)).length;
        const annotations = commands.filter(({ name }) => name === 'error' || name === 'warning').length;
        expect(annotations + told).toBe(number);
        expect(commands.length - annotations).toBe(told > 0 ? 1 : 0);
        expect(others.length).toBe(told + 1);

        const summary = stepSummary(report, 1024 * 1024).text;
        expect(summary.split(/\r\n|\r|\n/).filter((line) => /^(?:\|[^|]*){4}\|$/.test(line)).length).toBe(
          number + 2,
        );
        expect(summary.replaceAll('<br>', '')).not.toMatch(/<|\]\(/);
      }),
      { numRuns: 100 },
    );
  });

  it('give the text report nothing that a terminal or a log acts on', () => {
    fc.assert(
      fc.property(reports, ({ findings, summary }) => {
        const text = textReport(findings, summary, colorsFor(false, {}));
        // A runner of GitHub takes it for a command wherever it stands.
        expect(text).not.toContain('##[');
        expect(text).not.toMatch(/[^\P{Cc}\n\t]|[\u200b\u2028\u202e]/u);
      }),
      { numRuns: 200 },
    );
  });

  it('leave JUnit XML valid, with no two tests of one name', async () => {
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
