import type { Page } from 'playwright-core';

/**
 * The texts of a page that are harder to read than WCAG 2 AA asks (4.5, or 3 where they are large), measured between the
 * colour of the letters and what lies behind them. Controls that are disabled are exempt there, and here.
 */
export function contrastFaults(page: Page): Promise<string[]> {
  return page.evaluate(MEASURE) as Promise<string[]>;
}

const MEASURE = `(() => {
  const channel = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
  const parse = (text) => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const rects = [...document.querySelectorAll('svg rect')].map((rect) => ({ rect, box: rect.getBoundingClientRect() }));
  // What is drawn last below the middle of a text of a picture.
  const drawnBelow = (element) => {
    const box = element.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const below = rects.findLast(({ rect, box: { left, right, top, bottom } }) =>
      left <= x && x <= right && top <= y && y <= bottom &&
      (rect.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0);
    return below === undefined ? [255, 255, 255, 1] : parse(getComputedStyle(below.rect).fill);
  };
  const behind = (element) => {
    if (element.tagName === 'text') return drawnBelow(element);
    for (let each = element; each !== null; each = each.parentElement) {
      const color = parse(getComputedStyle(each).backgroundColor);
      if (color[3] === 1) return color;
    }
    return [255, 255, 255, 1];
  };
  const faults = [];
  for (const element of document.body.querySelectorAll('*')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
    if (!own || ['SCRIPT', 'style', 'title', 'desc'].includes(element.tagName)) continue;
    if (element.closest('.vh') !== null || element.querySelector(':disabled') !== null) continue;
    if (element.getClientRects().length === 0) continue;
    const style = getComputedStyle(element);
    const [a, b] = [luminance(parse(element.tagName === 'text' ? style.fill : style.color)), luminance(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) faults.push(ratio.toFixed(2) + ': ' + element.textContent.slice(0, 40));
  }
  return faults;
})()`;
