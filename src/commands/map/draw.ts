import type { NodeMap } from '../../core/map/index.ts';
import { colorsFor } from '../../report/colors.ts';
import type { MapSource } from '../../report/map/source.ts';
import type { Io } from '../io.ts';
import type { MapOptions } from './options.ts';

const DEFAULT_WIDTH = 100;

/** The map in the format asked for, whose code is loaded only now. */
export async function draw(map: NodeMap, source: MapSource, options: MapOptions, io: Io): Promise<string> {
  switch (options.format) {
    case 'json':
      return (await import('../../report/map/json.ts')).mapJson(map, source);
    case 'svg':
      return (await import('../../report/map/svg.ts')).mapSvg(map, source);
    case 'html':
      return (await import('../../report/map/html.ts')).mapHtml(map, source);
    case 'text': {
      const colors = colorsFor(options.output === undefined && io.stdout.isTerminal, io.env);
      return (await import('../../report/map/text.ts')).mapText(
        map,
        source,
        colors,
        widthOf(io, options.output !== undefined),
      );
    }
  }
}

/** COLUMNS where it is set, else what the terminal has; a file has what most terminals have. */
function widthOf({ env, stdout }: Io, toFile: boolean): number {
  const said = env['COLUMNS'] ?? '';
  if (/^[1-9]\d{1,3}$/.test(said)) return Number(said);
  return (toFile || !stdout.isTerminal ? undefined : stdout.columns?.()) ?? DEFAULT_WIDTH;
}
