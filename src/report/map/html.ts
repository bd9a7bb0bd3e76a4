import { createHash } from 'node:crypto';
import type { MapConflict, NodeMap, NodeState } from '../../core/map/index.ts';
import { count } from '../summary.ts';
import { PAGE_SCRIPT, PAGE_STYLE } from './html-assets.ts';
import { clustersTable, NodeAnchors, nodesTable } from './html-tables.ts';
import { escapeMarkup } from './layout.ts';
import {
  conflictSides,
  countWord,
  headline,
  type MapSource,
  mapConflictText,
  mapNotes,
  shortName,
  stateCounts,
} from './words.ts';

/** The most conflicts in the list; every node in one is marked. */
const MAX_CONFLICTS = 200;
/** The most nodes in one conflict. */
const MAX_LINKS = 20;

/**
 * The map as one self-contained HTML page: its content security policy allows only its own style and script, by hash.
 * Ends with a newline.
 */
export function mapHtml(map: NodeMap, source: MapSource): string {
  const anchors = new NodeAnchors(map);
  const parts = [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy()}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    `<title>IOMesh node map: ${escapeMarkup(headline(map))}</title>`,
    // Without it a browser requests /favicon.ico.
    '<link rel="icon" href="data:,">',
    `<style>${PAGE_STYLE}</style>`,
    '</head>',
    '<body>',
    '<a class="skip" href="#nodes">Skip to the nodes</a>',
    '<header>',
    '<h1>IOMesh node map</h1>',
    `<p class="from">${escapeMarkup(sourceText(source))}</p>`,
    '</header>',
    '<main>',
    tiles(map),
    notes(map, source),
    conflicts(map, anchors),
    nodesTable(map, anchors),
    clustersTable(map),
    '</main>',
    '<footer><p>Made by iomesh-guard map. Overlaps are violations of its rule IOM101.</p></footer>',
    `<script>${PAGE_SCRIPT}</script>`,
    '</body>',
    '</html>',
  ];
  return `${parts.filter((part) => part !== '').join('\n')}\n`;
}

function policy(): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    "default-src 'none'",
    `style-src ${hash(PAGE_STYLE)}`,
    `script-src ${hash(PAGE_SCRIPT)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function sourceText({ from, day }: MapSource): string {
  if (from.kind === 'files') return `Read from ${count(from.files, 'file')} on ${day} (UTC)`;
  return `Read from the cluster at ${shortName(from.server, 200)} (context ${shortName(from.context, 200)}) on ${day} (UTC)`;
}

function tiles(map: NodeMap): string {
  const tile = (number: number, word: string, state: NodeState | '') =>
    `<li${state === '' ? '' : ` class="${state}"`}><b>${number}</b> ${word}</li>`;
  const states = stateCounts(map.nodes).map(([state, number]) => tile(number, countWord(state), state));
  return [
    '<h2 class="vh">Summary</h2>',
    '<ul class="tiles">',
    tile(map.clusters.length, map.clusters.length === 1 ? 'cluster' : 'clusters', ''),
    tile(map.nodes.length, map.nodes.length === 1 ? 'node' : 'nodes', ''),
    ...states,
    '</ul>',
  ].join('\n');
}

function notes(map: NodeMap, source: MapSource): string {
  const items = mapNotes(map, source).map((note) => `<li><strong>Note:</strong> ${escapeMarkup(note)}</li>`);
  return items.length === 0 ? '' : `<ul class="notes">\n${items.join('\n')}\n</ul>`;
}

function conflicts(map: NodeMap, anchors: NodeAnchors): string {
  if (map.conflicts.length === 0) return '';
  const items = map.conflicts.slice(0, MAX_CONFLICTS).map((each) => conflictItem(each, anchors));
  const rest = map.conflicts.length - items.length;
  if (rest > 0) items.push(`<li>and ${rest} more conflicts</li>`);
  return `<h2>Conflicts</h2>\n<ul class="conflicts">\n${items.join('\n')}\n</ul>`;
}

function conflictItem(conflict: MapConflict, anchors: NodeAnchors): string {
  if (!conflict.certain)
    return `<li><strong>Undecided:</strong> ${escapeMarkup(mapConflictText(conflict))}</li>`;
  if (conflict.nodes.length === 0)
    return `<li class="overlap"><strong>Overlap:</strong> ${escapeMarkup(mapConflictText(conflict))}</li>`;
  const [first, second] = conflictSides(conflict).map(escapeMarkup);
  const links = conflict.nodes.slice(0, MAX_LINKS).map((name) => anchors.link(name));
  const rest = conflict.nodes.length - links.length;
  const more = rest > 0 ? ` and ${rest} more` : conflict.more ? ' and more' : '';
  return `<li class="overlap"><strong>Overlap:</strong> ${first} and ${second} overlap on ${links.join(', ')}${more}</li>`;
}
