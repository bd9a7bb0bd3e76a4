import { describe, inject, it } from 'vitest';
import type { Kubernetes } from './kubernetes.ts';

/**
 * Runs a suite for each Kubernetes release of this run. It is skipped without a release (global-setup.ts prints
 * the reason) or without vitest.e2e.config.mts.
 */
export function onKubernetes(title: string, body: (kubernetes: Kubernetes) => void): void {
  const all: readonly Kubernetes[] = inject('kubernetes') ?? [];
  for (const kubernetes of all)
    describe(`${title}, Kubernetes ${kubernetes.release}`, () => body(kubernetes));
  if (all.length === 0) describe.skip(title, () => it('needs a control plane', () => {}));
}
