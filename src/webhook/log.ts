import type { Logger } from 'pino';
import type { Decision, WebhookKind } from '../admission/decision.ts';
import type { ForeignReview } from '../admission/foreign-review.ts';
import type { AdmissionRequest } from '../admission/review.ts';

/** Logs one line per decision and per failure. Of an object it logs the name, never the content. */
export class DecisionLog {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  decision(webhook: WebhookKind, request: AdmissionRequest, decision: Decision, milliseconds: number): void {
    const rules = (findings: Decision['denied']) =>
      findings.length === 0 ? undefined : [...new Set(findings.map((each) => each.code))];
    this.#logger.info(
      {
        uid: request.uid,
        webhook,
        user: request.username,
        operation: request.operation,
        kind: request.kind,
        namespace: request.namespace,
        name: request.name,
        subResource: request.subResource === '' ? undefined : request.subResource,
        dryRun: request.dryRun,
        outcome: decision.outcome,
        denied: rules(decision.denied),
        warned: rules(decision.warned),
        waived: rules(decision.waived),
        waivedBy: waivedBy(decision),
        ms: Math.round(milliseconds * 1000) / 1000,
      },
      'decision',
    );
  }

  /** At debug: leader election alone can write a ConfigMap every two seconds. */
  foreign(webhook: WebhookKind, { uid, operation, kind }: ForeignReview): void {
    this.#logger.debug({ uid, webhook, operation, kind, outcome: 'passed' }, 'decision');
  }

  failure(statusCode: number, error: Error): void {
    // A stack helps only for errors of this program.
    if (statusCode < 500) this.#logger.warn({ statusCode, reason: error.message }, 'request rejected');
    else this.#logger.error({ statusCode, err: error }, 'review failed');
  }
}

/** Who waived each rule, without the reason, which is content of the object or of the configuration. */
function waivedBy({ waived }: Decision): Readonly<Record<string, string>> | undefined {
  return waived.length === 0
    ? undefined
    : Object.fromEntries(waived.map(({ code, waiver }) => [code, waiver.by]));
}
