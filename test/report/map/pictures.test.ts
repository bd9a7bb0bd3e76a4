/** The map as a page and as a picture: self-contained, and untrusted text never becomes markup. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { validateXML } from 'xmllint-wasm';
import { describe, expect, it } from 'vitest';
import { nodeMap } from '../../../src/core/map/index.ts';
import type { World } from '../../../src/core/world.ts';
import { colorsFor } from '../../../src/report/colors.ts';
import { mapHtml } from '../../../src/report/map/html.ts';
import { mapJson } from '../../../src/report/map/json.ts';
import { mapSvg } from '../../../src/report/map/svg.ts';
import { mapText } from '../../../src/report/map/text.ts';
import { oddWorld } from '../../support/odd-map-world.ts';
import { clusterObjects, configured, FILES, fleet, on, worldOf } from '../../support/map-worlds.ts';

const html = (world: World) => mapHtml(nodeMap(world), FILES);
const svg = (world: World) => mapSvg(nodeMap(world), FILES);

/** Each element of a page or picture by name, with how often it is there. */
function elements(markup: string): Map<string, number> {
  const found = new Map<string, number>();
  const own = markup.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '<$1></$1>');
  for (const [, name] of own.matchAll(/<([a-z][a-z0-9]*)/g)) found.set(name!, (found.get(name!) ?? 0) + 1);
  return found;
}

async function expectWellFormed(xml: string): Promise<void> {
  const { errors } = await validateXML({
    xml: { fileName: 'map.svg', contents: xml },
    normalization: 'format',
    maxMemoryPages: 4096,
  });
  expect(errors).toEqual([]);
}

describe('the page', () => {
  const page = html(fleet(30, 3));

  it('allows only its own style and script, by hash', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)![1]!;
    expect(policy).toContain("default-src 'none'");
    for (const name of ['style', 'script']) {
      const [, body] = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(page)!;
      const hash = createHash('sha256').update(body!).digest('base64');
      expect(policy).toContain(`${name}-src 'sha256-${hash}'`);
      expect(elements(page).get(name)).toBe(1);
    }
    expect(policy).not.toContain('unsafe');
    expect(page).not.toMatch(/ style="| on[a-z]+="/);
  });

  it('loads no other resource', () => {
    expect(page).not.toMatch(/https?:|url\(|@import|<(img|iframe|object|embed|base)\b/);
    const links = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map((match) => match[1]!);
    for (const link of links) expect(link).toMatch(/^(#|data:,$)/);
  });

  it('has tables with captions and headers of columns and rows', () => {
    const count = elements(page);
    expect(count.get('table')).toBe(2);
    expect(count.get('caption')).toBe(2);
    for (const [head] of page.matchAll(/<th\b[^>]*>/g)) expect(head).toMatch(/scope="(col|row)"/);
    expect([...page.matchAll(/<th scope="row"/g)]).toHaveLength(30 + 3);
  });

  it.each([60, 61])('marks the management cluster on the nodes or columns of %i clusters', (clusters) => {
    const world = fleet(200, clusters);
    const nodes = html(world).slice(0, html(world).indexOf('id="clusters"'));
    expect(nodes).toContain('<span class="badge">management</span>');
    expect(svg(world)).toMatch(/>[^<]*iomesh-system\/iomesh\*/);
  });

  it('links each conflict to its nodes', () => {
    const big = html(fleet(300, 20));
    const links = [...big.matchAll(/<a href="#(node-\d+)"><bdi>([^<]+)<\/bdi><\/a>/g)];
    expect(links.length).toBeGreaterThan(3);
    for (const [, id, name] of links)
      expect(big).toMatch(new RegExp(`<tr id="${id}" class="overlap"><th[^>]*><bdi[^>]*>${name}</bdi>`));
  });

  it('lists the clusters of a node in one cell when there are too many columns', () => {
    const many = Array.from({ length: 80 }, (_, index) =>
      clusterObjects(`pool-${index}`, `pool-${index}`, on([`w${index}`])),
    ).flat();
    const page = html(worldOf(many));
    expect(page).toContain('<th scope="col">Clusters</th>');
    expect(page).toContain('<bdi>pool-79/pool-79</bdi>');
    expect(svg(worldOf(many))).toContain('pool-79/pool-79 CMRZ');
  });

  it('lists what the cells cannot show', () => {
    const odd = html(oddWorld());
    expect(odd).toContain('<li>meta: may run on any node, because it requires none</li>');
    expect(odd).toContain('unknown nodes: woker-3');
    expect(odd).toContain('<strong>Undecided:</strong>');
  });
});

describe('the picture', () => {
  it('is well-formed, with a title and a description, without script and links', async () => {
    for (const world of [fleet(3, 1), fleet(300, 20), oddWorld(), worldOf([])]) {
      const picture = svg(world);
      await expectWellFormed(picture);
      expect(picture).toMatch(
        /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" role="img" aria-labelledby="title desc" /,
      );
      expect(picture).toMatch(
        /<title id="title">IOMesh node map: .+<\/title>\n<desc id="desc">A table with .+<\/desc>/,
      );
      const names = [...elements(picture).keys()].sort();
      for (const name of names)
        expect(['svg', 'title', 'desc', 'style', 'g', 'rect', 'line', 'text']).toContain(name);
      expect(picture.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|url\(|@import/);
    }
  });

  it('keeps all text inside the picture', () => {
    for (const world of [fleet(3, 1), fleet(30, 3), fleet(300, 20), oddWorld()]) {
      const picture = svg(world);
      const [width, height] = /viewBox="0 0 (\S+) (\S+)"/.exec(picture)!.slice(1).map(Number);
      for (const [, x, y] of picture.matchAll(/<text x="([\d.]+)" y="([\d.]+)"/g)) {
        expect(Number(x)).toBeLessThan(width!);
        expect(Number(y)).toBeLessThan(height!);
      }
    }
  });

  it('describes the overlaps for screen readers', () => {
    const desc = /<desc id="desc">(.+)<\/desc>/.exec(svg(fleet(300, 20)))![1];
    expect(desc).toContain('overlap on k8s-worker-');
  });
});

describe('hostile names', () => {
  const PARTS = [
    ...[
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "' onload='",
      '&amp;',
      ']]>',
      '<!--',
      '-->',
      '</style>',
      '</script>',
      '</title>',
    ],
    ...[
      '\u001b[31m',
      '\u0000',
      '\r\n',
      '\u202e',
      '\ud800',
      '\uffff',
      '\u2028',
      'e\u0301'.repeat(50),
      '节点',
      '__proto__',
      'constructor',
      'x'.repeat(400),
      '$(x)',
      '{{x}}',
    ],
  ];
  const name = fc
    .array(fc.constantFrom(...PARTS, 'a', '-', '/'), { minLength: 1, maxLength: 4 })
    .map((all) => all.join(''));
  const hostile = fc
    .record({
      namespace: name,
      cluster: name,
      other: name,
      nodes: fc.uniqueArray(name, { minLength: 1, maxLength: 4 }),
      label: name,
    })
    .map(({ namespace, cluster, other, nodes, label }) =>
      worldOf(
        [
          ...clusterObjects(namespace, cluster, on(nodes)),
          ...clusterObjects(other, cluster, {
            chunk: on([label], label),
            meta: {},
            redirector: on(nodes),
            zookeeper: null,
          }),
        ],
        configured(nodes),
      ),
    );

  it('never become markup or control characters', async () => {
    const pictures: string[] = [];
    fc.assert(
      fc.property(hostile, (world) => {
        const page = html(world);
        const allowed = elements(html(oddWorld()));
        for (const each of elements(page).keys()) expect([...allowed.keys()]).toContain(each);
        expect(elements(page).get('script')).toBe(1);
        expect(page).not.toMatch(/<(?!script>|style>)[a-z][^>]* on[a-z]+=/);
        const picture = svg(world);
        pictures.push(picture);
        for (const each of elements(picture).keys())
          expect(['svg', 'title', 'desc', 'style', 'g', 'rect', 'line', 'text']).toContain(each);
        const text = mapText(nodeMap(world), FILES, colorsFor(false, {}), 100);
        for (const each of [page, picture, text])
          expect(each.replace(/[\t\n]/g, '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
        // A table whose columns a name could stretch would not be one.
        for (const line of text.slice(0, text.indexOf('\n\n')).split('\n'))
          expect(line.length).toBeLessThan(800);
        expect(() => JSON.parse(mapJson(nodeMap(world), FILES))).not.toThrow();
      }),
      { numRuns: 100 },
    );
    for (const picture of pictures.slice(0, 8)) await expectWellFormed(picture);
  });
});
