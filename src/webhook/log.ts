import type { Logger } from 'pino';
import type { Decision, Door } from '../admission/decision.ts';
import type { Asked } from './repeats.ts';

/** One structured line a decision, and one a failure. Nothing of an object's content is logged: only what it is called. */
export class DecisionLog {
  readonly #logger: Logger;
  readonly #repeated = new WeakMap<object, Logger>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /**
   * Logs what was decided. `repeated` stands for all requests that differ in nothing but their uid: what
   * they have in common is written out once.
   */
  decision(
    webhook: Door,
    request: Asked,
    decision: Decision,
    milliseconds: number,
    repeated: object | undefined,
  ): void {
    const { uid } = request;
    const ms = Math.round(milliseconds * 1000) / 1000;
    if (repeated === undefined) {
      this.#logger.info({ uid, ...fieldsOf(webhook, request, decision), ms }, 'decision');
      return;
    }
    let logger = this.#repeated.get(repeated);
    if (logger === undefined) {
      logger = this.#logger.child(fieldsOf(webhook, request, decision));
      this.#repeated.set(repeated, logger);
    }
    logger.info({ uid, ms }, 'decision');
  }

  failure(statusCode: number, error: Error): void {
    // A caller's mistake needs no stack; our own does.
    if (statusCode < 500) this.#logger.warn({ statusCode, reason: error.message }, 'request refused');
    else this.#logger.error({ statusCode, err: error }, 'review failed');
  }
}

function fieldsOf(webhook: Door, request: Asked, decision: Decision): Record<string, unknown> {
  const rules = (findings: Decision['denied']) => [...new Set(findings.map((each) => each.code))];
  return {
    webhook,
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
  };
}
