import { writeSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { findKubernetes, type Kubernetes } from './kubernetes.ts';

declare module 'vitest' {
  interface ProvidedContext {
    kubernetes: readonly Kubernetes[];
  }
}

/** Finds or builds the Kubernetes releases before the first suite starts. */
export default async function setup(project: TestProject): Promise<void> {
  const tell = (line: string) => writeSync(2, `${line}\n`);
  const found = await findKubernetes(process.env, tell);
  if ('missing' in found) {
    if (process.env['CI'] === 'true') throw new Error(found.missing);
    tell(found.missing);
    project.provide('kubernetes', []);
  } else {
    project.provide('kubernetes', found);
  }
}
