import { pino } from 'pino';
import { Registry } from 'prom-client';
import { LiveWorld } from '../../cluster/live-world.ts';
import { openApi } from '../../cluster/open.ts';
import type { Config } from '../../core/base/config.ts';
import { sanitize } from '../../core/base/sanitize.ts';
import type { StandingFinding } from '../../standing/finding-history.ts';
import { evaluateInProcess } from '../../standing/in-process.ts';
import { StandingAudit } from '../../standing/standing-audit.ts';
import { firstSignal } from '../first-signal.ts';
import { EXIT, type Io } from '../io.ts';
import type { AuditOptions } from './options.ts';

/** Prints each finding that appears or is resolved, until a signal ends it. Returns the exit code of `audit`. */
export async function watchFindings(options: AuditOptions, config: Config, io: Io): Promise<number> {
  const api = await openApi(options);
  const logger = pino({ level: 'warn', base: null }, { write: (line: string) => printWarning(line, io) });
  const registry = new Registry();
  const world = LiveWorld.open({ api, config, logger, registry, today: io.today });
  let current: readonly StandingFinding[] = [];
  const print = (what: string, findings: readonly StandingFinding[], at: Date) => {
    for (const each of findings)
      if (!options.quiet || each.json.severity === 'error')
        io.stdout.write(`${at.toISOString()} ${what} ${findingLine(each)}\n`);
  };
  const audit = new StandingAudit({
    source: evaluateInProcess(api, world, config),
    logger,
    registry,
    today: io.today,
    onPass({ findings, appeared, resolved, at }) {
      current = findings;
      print('appeared', appeared, at);
      print('resolved', resolved, at);
    },
  });
  audit.start();
  // Timers of the audit do not keep the process running.
  const running = setInterval(() => undefined, 3_600_000);
  await firstSignal();
  clearInterval(running);
  audit.close();
  await world.close();
  const { failOn } = options;
  const failing = current.filter(({ json }) => failOn !== 'error' || json.severity === 'error');
  return failOn !== 'never' && failing.length > 0 ? EXIT.findings : EXIT.clean;
}

function findingLine({ json }: StandingFinding): string {
  const { code, name, severity, message, object, path } = json;
  const named = object?.namespace === undefined ? object?.name : `${object.namespace}/${object.name}`;
  const place = object === undefined ? '' : `${object.kind} ${named}${path === '' ? '' : `, ${path}`}: `;
  return `${severity}[${code}] ${sanitize(place)}${name}: ${sanitize(message)}`;
}

/** `watch failed; retrying: nodes: connect ECONNREFUSED`. */
function printWarning(line: string, io: Io): void {
  const { msg, kind, reason } = JSON.parse(line) as Readonly<Record<string, string>>;
  io.stderr.write(`note: ${sanitize([msg, kind, reason].filter((each) => each !== undefined).join(': '))}\n`);
}
