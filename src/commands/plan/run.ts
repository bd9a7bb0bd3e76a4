import { resolve } from 'node:path';
import { sanitize } from '../../core/base/sanitize.ts';
import { removalPlan, type VolumeKnowledge } from '../../core/plan/remove.ts';
import { scalePlan } from '../../core/plan/scale.ts';
import { isPlanRefusal, type OperationPlan, type PlanRefusal } from '../../core/plan/types.ts';
import { upgradePlan } from '../../core/plan/upgrade.ts';
import type { World } from '../../core/world.ts';
import { colorsFor } from '../../report/colors.ts';
import { planJson } from '../../report/plan/json.ts';
import { planText } from '../../report/plan/text.ts';
import { readWholeFile } from '../../read-file.ts';
import { describeError } from '../../system-error.ts';
import { UsageError } from '../../usage-error.ts';
import type { Arguments } from '../command.ts';
import { readExisting } from '../existing-objects.ts';
import { readOneWorld } from '../worlds/one.ts';
import { EXIT, type Io } from '../io.ts';
import { versionNotes } from '../version-note.ts';
import { planExample, type PlanOptions, planOptions } from './options.ts';
import { type GivenFile, upgradeTarget } from './target.ts';

/** Reads the existing objects and prints the plan. Returns the exit code. */
export async function runPlan(args: Arguments, io: Io): Promise<number> {
  const options = planOptions(args, io.cwd);
  const { config, paths, selection } = await readOneWorld({ ...options, values: [] }, options.from, io);
  const { world, notes, complete } = await readExisting(
    { from: paths, values: [], selection, cluster: options.cluster },
    config,
    io,
    {
      example: planExample(options),
      risk: 'have objects of this plan',
    },
  );
  const isKnown = complete.has('PersistentVolume') || world.count('PersistentVolume') > 0;
  const volumes = isKnown ? 'complete' : options.cluster === undefined ? 'none' : 'forbidden';
  const plan = await planOf(options, world, volumes, io);
  if (isPlanRefusal(plan)) throw new UsageError(plan.message, plan.hint);
  for (const note of [...notes, ...versionNotes(world)]) io.stderr.write(`note: ${sanitize(note)}\n`);
  const cluster = {
    context: options.cluster?.context,
    // The path that the user gave is resolved, so that the commands work in every folder.
    kubeconfig: options.cluster?.kubeconfig,
  };
  io.stdout.write(
    options.format === 'json'
      ? planJson(plan, world.iomeshVersion, cluster)
      : planText(plan, world.iomeshVersion, cluster, colorsFor(io.stdout.isTerminal, io.env)),
  );
  return plan.stops.length > 0 ? EXIT.findings : EXIT.clean;
}

async function planOf(
  { given }: PlanOptions,
  world: World,
  volumes: VolumeKnowledge,
  io: Io,
): Promise<OperationPlan | PlanRefusal> {
  switch (given.operation) {
    case 'remove':
      return removalPlan(world, given.pool, volumes);
    case 'upgrade': {
      const values = given.values === undefined ? undefined : await readValues(given.values, io);
      return upgradePlan(world, upgradeTarget(given.to, values, world, io.cwd));
    }
    case 'scale':
      return scalePlan(world, given.pool, given.targets);
  }
}

async function readValues(name: string, io: Io): Promise<GivenFile> {
  try {
    return { name, bytes: name === '-' ? await io.readStdin() : readWholeFile(resolve(io.cwd, name)) };
  } catch (error) {
    throw new UsageError(
      `cannot read --values ${name}: ${describeError(error)}`,
      'helm get values iomesh -n iomesh-system --all -o yaml > FILE',
    );
  }
}
