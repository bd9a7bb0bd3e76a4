import { describeError } from '../../system-error.ts';
import { resolve } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import { UsageError } from '../../usage-error.ts';
import { MapTooLarge, type NodeMap, nodeMap } from '../../core/map/index.ts';
import type { World } from '../../core/world.ts';
import { sanitize } from '../../core/base/sanitize.ts';
import { count } from '../../report/summary.ts';
import type { Arguments } from '../command.ts';
import { writeWhole } from '../output.ts';
import { EXIT, type Io } from '../io.ts';
import { draw } from './draw.ts';
import { mapOptions } from './options.ts';
import { readCluster, readFiles } from './read.ts';

/** Reads, draws the map and gives the exit code. */
export async function runMap(args: Arguments, io: Io): Promise<number> {
  const options = mapOptions(args, io.cwd);
  const config = loadConfig(options.config, io.cwd);
  const input =
    options.cluster === undefined
      ? await readFiles(options.paths, config, io)
      : await readCluster(options.cluster, config, io);
  const map = mapOf(input.world);
  const say = (kind: string, text: string) => io.stderr.write(`${kind}: ${sanitize(text)}\n`);
  const problems = [...input.problems];
  if (map.clusters.length === 0 && !options.allowEmpty) {
    if (problems.length === 0)
      problems.push(
        `no IOMesh cluster was found in ${input.lookedAt}; is this the right place? --allow-empty accepts it`,
      );
  } else {
    const text = await draw(map, input.source, options, io);
    if (options.output === undefined) io.stdout.write(text);
    else {
      try {
        writeWhole(resolve(io.cwd, options.output), text);
      } catch (error) {
        problems.push(`cannot write ${options.output}: ${describeError(error)}`);
      }
    }
    // Whoever reads the table sees it there.
    const overlaps = map.nodes.filter(({ state }) => state === 'overlap').length;
    if (options.format !== 'text' && overlaps > 0)
      say(
        'note',
        `${count(overlaps, 'node')} ${overlaps === 1 ? 'belongs' : 'belong'} to more than one cluster`,
      );
  }
  for (const note of input.notes) say('note', note);
  for (const problem of problems) say('error', problem);
  return problems.length > 0 ? EXIT.usage : EXIT.clean;
}

function mapOf(world: World): NodeMap {
  try {
    return nodeMap(world);
  } catch (error) {
    if (!(error instanceof MapTooLarge)) throw error;
    throw new UsageError(error.message, 'name fewer files, or configure fewer nodes');
  }
}
