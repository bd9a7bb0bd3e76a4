import { describe, inject, it } from 'vitest';
import type { Kubernetes } from './kubernetes.ts';

/**
 * A suite, once for each Kubernetes release of this run. Where there is none (global-setup.ts has said why), or
 * where the suite was started without vitest.e2e.config.mts, it is shown as skipped.
 */
export function onKubernetes(title: string, body: (kubernetes: Kubernetes) => void): void {
  const all: readonly Kubernetes[] = inject('kubernetes') ?? [];
  for (const kubernetes of all)
    describe(`${title}, Kubernetes ${kubernetes.release}`, () => body(kubernetes));
  if (all.length === 0) describe.skip(title, () => it('needs a control plane', () => {}));
}
