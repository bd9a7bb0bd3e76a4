/** The output of `--format json` is valid by schemas/findings.schema.json. */
import { expect, it } from 'vitest';
import { judge } from '../../../src/core/judge/judge.ts';
import { jsonReport } from '../../../src/report/json.ts';
import { locateFindings } from '../../../src/report/located.ts';
import { CASES } from '../../cases/all.ts';
import { caseText, readWorld } from '../../cases/harness.ts';
import { editorSchemas } from '../../support/schema-files.ts';

const validate = editorSchemas().getSchema('findings.schema.json')!;
const NOTHING = { files: 1, documents: 1, objects: 1, errors: 0, warnings: 0, waived: 0, durationMs: 0.5 };
const SUMMARY = { ...NOTHING, foreign: 0, notKubernetes: 0 };

it.each(CASES)('accepts the findings of $code', ({ lint }) => {
  for (const each of lint) {
    const { findings } = judge(readWorld(caseText(each), each));
    const report: unknown = JSON.parse(
      jsonReport({ findings: locateFindings(findings), waived: [], summary: SUMMARY, problems: [] }),
    );
    validate(report);
    expect(validate.errors ?? [], each.name).toEqual([]);
  }
});

it('accepts a finding of a live cluster, which is in no file, and rejects what is not in the schema', () => {
  const finding = {
    ...{ code: 'IOM101', name: 'affinity-overlap', severity: 'error', message: 'a', path: '', related: [] },
    docs: 'docs/rules/IOM101.md',
  };
  const report = (each: object) => ({ version: 1, findings: [each], summary: NOTHING });
  expect(validate(report(finding))).toBe(true);
  expect(validate(report({ ...finding, severity: 'fatal' }))).toBe(false);
  expect(validate(report({ ...finding, extra: 1 }))).toBe(false);
  expect(validate(report({ ...finding, message: '' }))).toBe(false);
  expect(validate({ ...report(finding), version: 2 })).toBe(false);
});
