import { describeError } from '../../system-error.ts';
import { resolve } from 'node:path';
import { UsageError } from '../../usage-error.ts';
import { MapTooLarge, type NodeMap, nodeMap } from '../../core/map/index.ts';
import type { World } from '../../core/world.ts';
import { sanitize } from '../../core/base/sanitize.ts';
import { colorsFor } from '../../report/colors.ts';
import { groupNodes } from '../../report/map/layout.ts';
import type { MapSource } from '../../report/map/words.ts';
import { count } from '../../report/summary.ts';
import type { Arguments } from '../command.ts';
import { writeWhole } from '../output.ts';
import { EXIT, type Io } from '../io.ts';
import { readOneWorld } from '../worlds/one.ts';
import { type MapOptions, mapOptions } from './options.ts';
import { readMapCluster, readMapFiles } from './read.ts';

const DEFAULT_WIDTH = 100;

/** Reads the input and makes the map. Returns the exit code. */
export async function runMap(args: Arguments, io: Io): Promise<number> {
  const options = mapOptions(args, io.cwd);
  const { config, ...files } = await readOneWorld(options, options.paths, io);
  const input =
    options.cluster === undefined
      ? await readMapFiles(files, files.selection, config, io)
      : await readMapCluster(options.cluster, config, io);
  const map = mapOf(input.world);
  const print = (kind: string, text: string) => io.stderr.write(`${kind}: ${sanitize(text)}\n`);
  const problems = [...input.problems];
  if (map.clusters.length === 0 && !options.allowEmpty) {
    if (problems.length === 0)
      problems.push(
        `no IOMesh cluster found in ${input.where}; check the path or context, or add --allow-empty`,
      );
  } else {
    const text = await formatMap(map, input.source, options, io);
    if (options.output === undefined) io.stdout.write(text);
    else {
      try {
        writeWhole(resolve(io.cwd, options.output), text);
      } catch (error) {
        problems.push(`cannot write ${options.output}: ${describeError(error)}`);
      }
    }
    // The text format shows overlaps itself.
    const overlaps = map.nodes.filter(({ state }) => state === 'overlap').length;
    if (options.format !== 'text' && overlaps > 0)
      print(
        'note',
        `${count(overlaps, 'node')} ${overlaps === 1 ? 'belongs' : 'belong'} to more than one cluster`,
      );
  }
  for (const note of input.notes) print('note', note);
  for (const problem of problems) print('error', problem);
  return problems.length > 0 ? EXIT.usage : EXIT.clean;
}

function mapOf(world: World): NodeMap {
  try {
    return nodeMap(world);
  } catch (error) {
    if (!(error instanceof MapTooLarge)) throw error;
    throw new UsageError(error.message, 'read fewer files, or list fewer nodes in the configuration');
  }
}

/** The map in the format of the flags; the code of a format is loaded when it is used. */
async function formatMap(map: NodeMap, source: MapSource, options: MapOptions, io: Io): Promise<string> {
  switch (options.format) {
    case 'json':
      return (await import('../../report/map/json.ts')).mapJson(map, source);
    case 'svg':
      return (await import('../../report/map/svg.ts')).mapSvg(groupNodes(map), source);
    case 'html':
      return (await import('../../report/map/html.ts')).mapHtml(groupNodes(map), source);
    case 'text': {
      const toTerminal = options.output === undefined && io.stdout.isTerminal;
      const width = widthOf(io, toTerminal);
      return (await import('../../report/map/text.ts')).mapText(
        groupNodes(map),
        source,
        colorsFor(toTerminal, io.env),
        width,
        options.only,
      );
    }
  }
}

/** COLUMNS if it is set, else the width of the terminal; 100 for a file. */
function widthOf({ env, stdout }: Io, toTerminal: boolean): number {
  const columns = env['COLUMNS'] ?? '';
  if (/^[1-9]\d{1,3}$/.test(columns)) return Number(columns);
  return (toTerminal ? stdout.columns?.() : undefined) ?? DEFAULT_WIDTH;
}
