/** The page and the SVG of `iomesh-guard map` in a browser: contrast, layout, keyboard and accessibility tree. */
import { existsSync, mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nodeMap } from '../../src/core/map/index.ts';
import type { World } from '../../src/core/world.ts';
import { mapHtml } from '../../src/report/map/html.ts';
import { mapSvg } from '../../src/report/map/svg.ts';
import { oddWorld } from '../support/odd-map-world.ts';
import { clusterObjects, configured, FILES, fleet, on, worldOf } from '../support/map-worlds.ts';
import { contrastFaults } from './support/contrast.ts';

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const ARGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];
const found = existsSync(EXECUTABLE);
if (!found) {
  const missing = `no browser at ${EXECUTABLE}: install Debian's chromium, or name one in CHROMIUM`;
  if (process.env['CI'] === 'true') throw new Error(missing);
  writeSync(2, `the map was not looked at in a browser: ${missing}\n`);
}

const WORLDS: Readonly<Record<string, () => World>> = {
  '3': () =>
    worldOf(
      clusterObjects('iomesh-system', 'iomesh', on(['w0', 'w1', 'w2'])),
      configured(['w0', 'w1', 'w2']),
    ),
  '30': () => fleet(30, 3),
  '300': () => fleet(300, 20),
  odd: oddWorld,
};
const SCHEMES = ['light', 'dark'] as const;

describe.skipIf(!found)('the map in a browser', () => {
  let browser: Browser;
  let folder: string;
  const pages: Page[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'iomesh-guard-map-'));
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGS });
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(content: string, name: string, options: BrowserContextOptions = {}): Promise<Page> {
    const file = join(folder, name);
    writeFileSync(file, content);
    const url = pathToFileURL(file).href;
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    pages.push(page);
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('dialog', (dialog) => complaints.push(dialog.message()));
    page.on('request', (request) => {
      if (request.url() !== url && !request.url().startsWith('data:')) complaints.push(request.url());
    });
    await page.goto(url);
    return page;
  }

  const html = (world: World, options?: BrowserContextOptions) =>
    open(mapHtml(nodeMap(world), FILES), 'map.html', options);

  const shownRows = (page: Page) =>
    page.locator('#map tbody tr:visible th').evaluateAll((all) => all.map((each) => each.textContent));

  for (const colorScheme of SCHEMES)
    it.each(Object.keys(WORLDS))(`has sufficient contrast in ${colorScheme} for %s`, async (name) => {
      const page = await html(WORLDS[name]!(), { colorScheme });
      expect(await contrastFaults(page)).toEqual([]);
    });

  it('is measured: insufficient contrast is detected', async () => {
    const grey =
      '<!doctype html><link rel="icon" href="data:,"><body style="background:#fff"><p style="color:#888">grey';
    expect(await contrastFaults(await open(grey, 'grey.html'))).toEqual(['3.54: grey']);
    const svg =
      '<!doctype html><link rel="icon" href="data:,"><svg><rect width="99" height="99" fill="#555"/><text y="9">x</text></svg>';
    expect(await contrastFaults(await open(svg, 'grey.html'))).toHaveLength(1);
  });

  it.each(Object.keys(WORLDS))('fits the width of a small screen for %s', async (name) => {
    const page = await html(WORLDS[name]!(), { viewport: { width: 320, height: 700 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
  });

  it('keeps the names of nodes and clusters visible during scrolling', async () => {
    const page = await html(fleet(300, 20), { viewport: { width: 700, height: 700 } });
    const region = page.getByRole('region', { name: 'Nodes' });
    await region.evaluate((each) => each.scrollTo(400, 3000));
    const box = (await region.boundingBox())!;
    const head = (await page
      .getByRole('columnheader', { name: 'iomesh-cluster-9', exact: true })
      .boundingBox())!;
    const row = (await page.getByRole('rowheader', { name: 'k8s-worker-110', exact: true }).boundingBox())!;
    expect(Math.abs(head.y - box.y)).toBeLessThan(4);
    expect(Math.abs(row.x - box.x)).toBeLessThan(4);
  });

  it('has tables with names, headers and text in the accessibility tree', async () => {
    const page = await html(fleet(300, 20));
    const table = page.getByRole('table', { name: 'Which components of which cluster may run on each node' });
    expect(await table.getByRole('rowheader').count()).toBe(300);
    expect(await table.getByRole('columnheader').count()).toBe(22);
    const row = table.getByRole('row', { name: /^k8s-worker-41 / });
    expect(await row.getByRole('cell', { name: 'overlap', exact: true }).count()).toBe(1);
    expect(await row.getByRole('cell', { name: 'chunk, redirector', exact: true }).count()).toBe(1);
    expect(await row.getByRole('cell', { name: 'chunk', exact: true }).count()).toBe(1);
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    expect(await page.getByRole('search', { name: 'Filter the nodes' }).count()).toBe(1);
    expect(await page.getByRole('region', { name: 'Clusters' }).getByRole('table').count()).toBe(1);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  it('can be used with the keyboard only', async () => {
    const page = await html(fleet(300, 20));
    const press = (key: string) => page.keyboard.press(key);
    const focused = () => page.evaluate('document.activeElement.id || document.activeElement.className');
    const said = () => page.locator('#shown').textContent();
    await press('Tab');
    expect(await focused()).toBe('skip');
    expect((await page.locator('.skip').boundingBox())!.x).toBeGreaterThanOrEqual(0);
    await press('Enter');
    expect(await focused()).toBe('nodes');
    await press('Tab');
    expect(await focused()).toBe('text');
    expect(await page.evaluate("getComputedStyle(document.getElementById('text')).outlineStyle")).toBe(
      'solid',
    );
    await page.keyboard.type('worker-4 cluster-2');
    expect(await said()).toBe('2 of 300 nodes shown');
    expect(await shownRows(page)).toEqual(['k8s-worker-40', 'k8s-worker-41']);
    await press('Escape');
    expect(await said()).toBe('300 of 300 nodes shown');
    await press('Tab');
    expect(await focused()).toBe('overlap');
    await press('Space');
    expect(await said()).toBe('6 of 300 nodes shown');
    expect(await shownRows(page)).toContain('k8s-worker-41');
    await press('Tab');
    await press('Space');
    expect(await said()).toBe('21 of 300 nodes shown');
    expect(await shownRows(page)).toContain('k8s-worker-299');
    await press('Tab');
    await press('Enter');
    await expect.poll(said).toBe('300 of 300 nodes shown');
    // The table itself scrolls by keys.
    await press('Tab');
    expect(await focused()).toBe('scroll');
    await press('PageDown');
    await expect
      .poll(() => page.getByRole('region', { name: 'Nodes' }).evaluate((each) => each.scrollTop))
      .toBeGreaterThan(100);
  });

  it('links an overlap to its node, also if the filter hides it', async () => {
    const page = await html(fleet(300, 20));
    await page.getByLabel('Node or cluster').fill('worker-1');
    await page.getByRole('link', { name: 'k8s-worker-251' }).click();
    const row = page.getByRole('rowheader', { name: 'k8s-worker-251', exact: true });
    await expect.poll(() => row.isVisible()).toBe(true);
    await expect
      .poll(async () => {
        const box = await row.boundingBox();
        const head = await page.getByRole('columnheader', { name: 'Node', exact: true }).boundingBox();
        return box !== null && head !== null && box.y >= head.y + head.height - 1 && box.y < 900;
      })
      .toBe(true);
  });

  it('shows everything without scripts', async () => {
    const page = await html(fleet(30, 3), { javaScriptEnabled: false });
    expect(await page.locator('#filter').isVisible()).toBe(false);
    expect(await page.locator('#map tbody tr:visible').count()).toBe(30);
  });

  it('prints all visible content without the controls', async () => {
    const page = await html(fleet(300, 20));
    await page.getByLabel(/^overlaps/).check();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#filter').isVisible()).toBe(false);
    expect(await page.locator('#map tbody tr:visible').count()).toBe(6);
    const cut = await page.evaluate("getComputedStyle(document.querySelector('.scroll')).overflowY");
    expect(cut).toBe('visible');
    // A sheet of A4 upright, without its margins.
    await page.setViewportSize({ width: 703, height: 1000 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(703);
    expect(String(await page.pdf()).slice(0, 5)).toBe('%PDF-');
  });

  it('fetches nothing, whatever its content', async () => {
    const page = await html(fleet(3, 1));
    const blocked = await page.evaluate(`new Promise((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective));
      const image = document.createElement('img');
      image.src = 'http://127.0.0.1:9/x.png';
      document.body.append(image);
    })`);
    expect(blocked).toBe('img-src');
    // Trying and saying so is all the browser does.
    const isSaid = (each: string) =>
      each.includes('Content Security Policy') || each.startsWith('http://127.0.0.1:9/');
    expect(complaints.splice(0).filter((each) => !isSaid(each))).toEqual([]);
  });

  it('escapes hostile names', async () => {
    const names = ['<img src=x onerror=alert(1)>', '"><script>alert(2)</script>', 'שלום', '节点-一'];
    const objects = clusterObjects('iomesh-system', '<b onmouseover=alert(3)>x</b>', on(['w0']));
    const page = await html(worldOf(objects, configured(names)));
    expect((await shownRows(page)).sort()).toEqual([...names].sort());
    expect(await page.locator('#map img, #map b, #map script').count()).toBe(0);
  });

  describe('the SVG', () => {
    const inPage = (world: World, options?: BrowserContextOptions) =>
      open(
        `<!doctype html><link rel="icon" href="data:,"><body style="margin:0">${mapSvg(nodeMap(world), FILES)}`,
        'svg.html',
        options,
      );

    for (const colorScheme of SCHEMES)
      it.each(Object.keys(WORLDS))(
        `has sufficient contrast in ${colorScheme} for %s, without clipped or overlapping text`,
        async (name) => {
          const page = await inPage(WORLDS[name]!(), { colorScheme });
          const faults = await page.evaluate(`(() => {
          const svg = document.querySelector('svg');
          const whole = svg.getBoundingClientRect();
          const texts = [...svg.querySelectorAll('text')].map((each) => ({ each, box: each.getBoundingClientRect() }));
          const faults = [];
          for (const { each, box } of texts) {
            if (box.left < 0 || box.right > whole.right || box.bottom > whole.bottom || box.top < 0) faults.push('cut off: ' + each.textContent);
            if (parseFloat(getComputedStyle(each).fontSize) < 12) faults.push('small: ' + each.textContent);
          }
          const flat = texts.filter(({ each }) => !each.hasAttribute('transform')).sort((a, b) => a.box.top - b.box.top);
          for (let i = 0; i < flat.length; i++)
            for (let j = i + 1; j < flat.length && flat[j].box.top < flat[i].box.bottom - 4; j++) {
              const [a, b] = [flat[i].box, flat[j].box];
              if (a.left < b.right - 1 && b.left < a.right - 1) faults.push(flat[i].each.textContent + ' over ' + flat[j].each.textContent);
            }
          return faults;
        })()`);
          expect(faults).toEqual([]);
          expect(await contrastFaults(page)).toEqual([]);
        },
      );

    it('has an accessible name', async () => {
      const page = await inPage(fleet(30, 3));
      expect(await page.getByRole('img', { name: /^IOMesh node map: 3 clusters, 30 nodes/ }).count()).toBe(1);
    });

    it('works as an image file', async () => {
      writeFileSync(join(folder, 'map.svg'), mapSvg(nodeMap(fleet(300, 20)), FILES));
      const page = await open('<!doctype html><link rel="icon" href="data:,"><p>', 'image.html');
      const size = await page.evaluate(`new Promise((resolve, reject) => {
        const image = new Image();
        image.onload = () => resolve([image.naturalWidth, image.naturalHeight]);
        image.onerror = reject;
        image.src = 'map.svg';
      })`);
      expect((size as number[])[1]).toBeGreaterThan(300 * 24);
      complaints.splice(0);
    });
  });
});
