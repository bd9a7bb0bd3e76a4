import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import type { Api } from '../cluster/api.ts';
import { LeaderElection } from '../cluster/leader.ts';
import { EventWriter } from './events.ts';
import { ReportWriter } from './reports/report-writer.ts';
import type { StandingPass } from './standing-audit.ts';

/** The Lease of the replica that writes, as the manifests of deploy/ name it. */
const LEASE = 'iomesh-guard-writer';

/** The metric of the leader. */
export const WRITER_METRIC = 'iomesh_guard_writer';

export interface WriterOptions {
  readonly api: Api;
  /** The namespace of the Lease. */
  readonly namespace: string;
  /** The name of this replica. */
  readonly instance: string;
  readonly reports: boolean;
  readonly events: boolean;
  readonly logger: Logger;
  readonly registry: Registry;
}

/** Writes standing findings to the cluster: policy reports and Events, from one replica at a time. */
export class StandingWriters {
  readonly #leader: LeaderElection;
  readonly #reports: ReportWriter | undefined;
  readonly #events: EventWriter | undefined;

  constructor({ api, namespace, instance, reports, events, logger, registry }: WriterOptions) {
    const gauge = new Gauge({
      name: WRITER_METRIC,
      help: '1 if this replica writes policy reports and Events, otherwise 0.',
      registers: [registry],
    });
    const mayWrite = () => this.#leader.isLeader;
    this.#reports = reports ? new ReportWriter({ api, logger, registry, mayWrite }) : undefined;
    this.#events = events ? new EventWriter({ api, logger, instance, mayWrite }) : undefined;
    let failing = false;
    this.#leader = new LeaderElection({
      api,
      namespace,
      name: LEASE,
      identity: `${instance}_${randomUUID()}`,
      onChange: (isLeader, before) => {
        failing = false;
        gauge.set(isLeader ? 1 : 0);
        logger.info(
          { lease: LEASE },
          isLeader ? 'this replica writes' : 'this replica does not write any more',
        );
        if (!isLeader) return;
        this.#reports?.write();
        this.#events?.takeOver(before);
      },
      onFailure(reason) {
        if (!failing) logger.warn({ lease: LEASE, reason }, 'the writer cannot be elected; retrying');
        failing = true;
      },
    });
    this.#leader.start();
  }

  /** Receives each pass. */
  passed(pass: StandingPass): void {
    this.#reports?.write(pass);
    this.#events?.write(pass);
  }

  /** Gives the Lease up. */
  async close(): Promise<void> {
    this.#reports?.close();
    await this.#leader.close();
  }
}
