import { Counter, Gauge, type Registry } from 'prom-client';
import type { StandingFinding } from './finding-history.ts';

/** The metrics of the standing findings. */
export class StandingMetrics {
  readonly #findings: Gauge<'rule' | 'severity'>;
  readonly #duration: Gauge;
  readonly #passes: Counter<'result'>;
  /** Labels that had a finding: their series goes to 0 and does not end. */
  readonly #labels = new Map<string, { readonly rule: string; readonly severity: string }>();
  #ended = performance.now();

  constructor(registry: Registry) {
    const registers = [registry];
    this.#findings = new Gauge({
      name: 'iomesh_guard_standing_findings',
      help: 'Findings of the cluster as it is, by rule and severity, as iomesh-guard audit reports them.',
      labelNames: ['rule', 'severity'],
      registers,
    });
    const age = () => (performance.now() - this.#ended) / 1000;
    new Gauge({
      name: 'iomesh_guard_standing_age_seconds',
      help: 'Seconds since the standing findings were last evaluated; before the first time, since the start.',
      registers,
      collect() {
        this.set(age());
      },
    });
    this.#duration = new Gauge({
      name: 'iomesh_guard_standing_duration_seconds',
      help: 'Duration of the last evaluation of the standing findings.',
      registers,
    });
    this.#passes = new Counter({
      name: 'iomesh_guard_standing_passes_total',
      help: 'Evaluations of the standing findings by result (done, failed).',
      labelNames: ['result'],
      registers,
    });
  }

  done(findings: readonly StandingFinding[], seconds: number): void {
    const counts = new Map<string, number>();
    for (const { json } of findings) {
      const key = `${json.code} ${json.severity}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      this.#labels.set(key, { rule: json.code, severity: json.severity });
    }
    for (const [key, labels] of this.#labels) this.#findings.set(labels, counts.get(key) ?? 0);
    this.#ended = performance.now();
    this.#duration.set(seconds);
    this.#passes.inc({ result: 'done' });
  }

  failed(): void {
    this.#passes.inc({ result: 'failed' });
  }
}
