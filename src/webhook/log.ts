import type { Logger } from 'pino';
import type { Decision, Door } from './decision.ts';
import type { Asked } from './repeats.ts';

/** One structured line a decision, and one a failure. Nothing of an object's content is logged: only what it is called. */
export class DecisionLog {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  decision(webhook: Door, request: Asked, decision: Decision, milliseconds: number): void {
    const rules = (findings: Decision['denied']) => [...new Set(findings.map((each) => each.code))];
    this.#logger.info(
      {
        webhook,
        uid: request.uid,
        user: request.username,
        operation: request.operation,
        kind: request.kind,
        namespace: request.namespace,
        name: request.name,
        ...(request.subResource === '' ? {} : { subResource: request.subResource }),
        dryRun: request.dryRun,
        outcome: decision.outcome,
        ...(decision.denied.length === 0 ? {} : { denied: rules(decision.denied) }),
        ...(decision.warned.length === 0 ? {} : { warned: rules(decision.warned) }),
        ...(decision.waived.length === 0 ? {} : { waived: rules(decision.waived) }),
        ms: Math.round(milliseconds * 1000) / 1000,
      },
      'decision',
    );
  }

  failure(statusCode: number, error: Error): void {
    // A caller's mistake needs no stack; our own does.
    if (statusCode < 500) this.#logger.warn({ statusCode, reason: error.message }, 'request refused');
    else this.#logger.error({ statusCode, err: error }, 'review failed');
  }
}
