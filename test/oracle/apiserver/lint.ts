import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_CONFIG } from '../../../src/core/base/config.ts';
import type { IomeshVersion } from '../../../src/core/base/iomesh-version.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { formatPath } from '../../../src/core/base/path.ts';
import { readManifests } from '../../../src/manifests/read.ts';
import { worldOf } from '../../../src/manifests/world.ts';

const EXAMPLE = join(import.meta.dirname, '../../../examples/two-clusters');
const TODAY = '2026-11-23';

/** One error that lint reports. */
export interface LintError {
  readonly code: string;
  readonly text: string;
}

const FILES = readdirSync(EXAMPLE, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readManifests(name, readFileSync(join(EXAMPLE, name))));

/** The errors of an object next to the files of the example that do not hold the original object. */
export function lintErrors(object: object, leftOut: string, version: IomeshVersion): readonly LintError[] {
  const file = readManifests('object.json', Buffer.from(JSON.stringify(object)));
  const files = [file, ...FILES.filter(({ name }) => name !== leftOut)];
  const config = { ...DEFAULT_CONFIG, iomeshVersion: version };
  return judge(worldOf(files, config, TODAY, 'lint'))
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ code, path, message }) => ({ code, text: `${code} ${formatPath(path)}: ${message}` }));
}
