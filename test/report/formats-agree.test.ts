/** One run with every format has the same findings at the same positions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf } from '../support/run-cli.ts';
import { BROKEN, readCommands, readGitlab, readJunit, readSarif, runHere } from '../support/reports.ts';

const FORMATS = ['json', 'sarif', 'junit', 'github', 'gitlab'];

describe('one run with every format', () => {
  it('reports the same findings at the same positions', async () => {
    const folder = folderOf({});
    const outputs = FORMATS.flatMap((format) => ['--format', format, '--output', join(folder, format)]);
    const { stdout, code } = await runHere(['lint', '--format', 'text', ...outputs, BROKEN]);
    expect(code).toBe(1);
    const text = (format: string) => readFileSync(join(folder, format), 'utf8');

    const fromText = [...stdout.matchAll(/^(error|warning)\[(IOM\d+)\].*\n +--> (\S+):(\d+):(\d+)$/gm)].map(
      ([, severity, code, file, line, column]) => `${severity} ${code} ${file}:${line}:${column}`,
    );
    expect(fromText.length).toBeGreaterThan(20);

    const { findings } = JSON.parse(text('json'));
    const fromJson = findings.map(
      (each: { severity: string; code: string; location: { file: string; line: number; column: number } }) =>
        `${each.severity} ${each.code} ${each.location.file}:${each.location.line}:${each.location.column}`,
    );
    expect(fromJson).toEqual(fromText);

    const fromSarif = readSarif(text('sarif')).runs[0].results.map(
      (each: { level: string; ruleId: string; locations: [SarifLocation] }) => {
        const { artifactLocation, region } = each.locations[0].physicalLocation;
        const file = decodeURIComponent(artifactLocation.uri);
        return `${each.level} ${each.ruleId} ${file}:${region.startLine}:${region.startColumn}`;
      },
    );
    expect(fromSarif).toEqual(rooted(fromText));

    const fromJunit = (await readJunit(text('junit'))).map(
      ({ type, name, message }) => `${type} ${name.slice(0, 6)} ${/^\S+:\d+:\d+/.exec(message ?? '')?.[0]}`,
    );
    expect(fromJunit.toSorted()).toEqual(rooted(fromText).toSorted());

    // GitLab has lines only.
    const severities: Record<string, string> = { critical: 'error', minor: 'warning' };
    const fromGitlab = readGitlab(text('gitlab')).map(
      ({ severity, check_name: rule, location }) =>
        `${severities[severity]} ${rule} ${location.path}:${location.lines.begin}`,
    );
    expect(fromGitlab).toEqual(rooted(fromText).map((each) => each.replace(/:\d+$/, '')));

    const { commands, others } = readCommands(text('github'));
    const fromGithub = [
      ...commands
        .filter(({ name }) => name !== 'notice')
        .map(
          ({ name, properties: { title = '', file, line, col } }) =>
            `${name} ${title.slice(0, 6)} ${file}:${line}:${col}`,
        ),
      ...others.flatMap((line) => {
        const found = /^(error|warning): (\S+:\d+:\d+): (IOM\d+) /.exec(line);
        return found === null ? [] : [`${found[1]} ${found[3]} ${found[2]}`];
      }),
    ];
    expect(fromGithub.toSorted()).toEqual(rooted(fromText).toSorted());
  });
});

interface SarifLocation {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region: { readonly startLine: number; readonly startColumn: number };
  };
}

/** The input has absolute paths; code hosts need paths from the root of the checkout. */
function rooted(places: readonly string[]): string[] {
  return places.map((each) => each.replace(BROKEN, 'examples/broken'));
}
