/**
 * The script of the page: it filters the rows. Without it the page shows all rows and no filter. It is not compiled, so
 * it is written for old browsers.
 */
export const PAGE_SCRIPT = `
'use strict';
(function () {
  var form = document.getElementById('filter');
  var table = document.getElementById('map');
  if (!form || !table) return;
  var text = document.getElementById('text');
  var overlap = document.getElementById('overlap');
  var free = document.getElementById('free');
  var shown = document.getElementById('shown');
  var nothing = document.getElementById('nothing');
  var heads = table.tHead.rows[0].cells;
  var rows = Array.prototype.map.call(table.tBodies[0].rows, function (row) {
    var words = [row.cells[0].textContent];
    for (var i = 2; i < row.cells.length; i++) {
      if (row.cells[i].firstChild) words.push(heads[i].textContent, row.cells[i].textContent);
    }
    return { row: row, words: words.join(' ').toLowerCase() };
  });
  function apply() {
    var wanted = text.value.toLowerCase().split(/\\s+/).filter(Boolean);
    var count = 0;
    rows.forEach(function (each) {
      var is = each.row.classList;
      var state = (!overlap.checked && !free.checked) ||
        (overlap.checked && is.contains('overlap')) ||
        (free.checked && (is.contains('free') || is.contains('undecided')));
      var show = state && wanted.every(function (word) { return each.words.indexOf(word) >= 0; });
      each.row.hidden = !show;
      if (show) count++;
    });
    table.parentNode.hidden = count === 0;
    nothing.hidden = count > 0;
    shown.textContent = count + ' of ' + rows.length + (rows.length === 1 ? ' node' : ' nodes') + ' shown';
  }
  form.addEventListener('input', apply);
  form.addEventListener('change', apply);
  form.addEventListener('submit', function (event) { event.preventDefault(); });
  form.addEventListener('reset', function () { setTimeout(apply); });
  // A link to a row that the filter hides shows it again.
  window.addEventListener('hashchange', function () {
    var target = document.getElementById(location.hash.slice(1));
    if (target && target.hidden) { form.reset(); setTimeout(function () { target.scrollIntoView(); }, 50); }
  });
  form.hidden = false;
  apply();
})();
`;

/** The style of the page. No element has a `style` attribute, because the content security policy allows only this text. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --bg: #ffffff; --fg: #1f2328; --muted: #59636e; --line: #d1d9e0; --strong: #818b98; --soft: #f6f8fa; --link: #0550ae;
  --claim: #ddf4ff; --claim-fg: #0a3069; --claim-line: #54aeff;
  --overlap: #ffebe9; --overlap-fg: #a40e26; --overlap-text: #a40e26; --overlap-line: #cf222e;
  --free: #dafbe1; --free-fg: #10562a; --free-line: #1a7f37;
  --open: #fff8c5; --open-fg: #6b4300; --open-line: #9a6700;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --bg: #0d1117; --fg: #f0f6fc; --muted: #9da7b3; --line: #30363d; --strong: #656c76; --soft: #151b23; --link: #79c0ff;
    --claim: #10305a; --claim-fg: #cae8ff; --claim-line: #1f6feb;
    --overlap: #4b1218; --overlap-fg: #ffc1ba; --overlap-text: #ff9d94; --overlap-line: #f85149;
    --free: #103b20; --free-fg: #aff5b4; --free-line: #2ea043;
    --open: #3b2b05; --open-fg: #f8e3a1; --open-line: #bb8009;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
header, main, footer { max-width: 100rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 1.75rem; }
footer { padding-top: 1.5rem; padding-bottom: 2rem; color: var(--muted); font-size: .875rem; }
h1 { margin: 0; font-size: 1.625rem; line-height: 1.25; letter-spacing: -.01em; }
h2 { margin: 2.25rem 0 .75rem; font-size: 1.1875rem; line-height: 1.3; }
p { margin: .25rem 0; }
a { color: var(--link); }
.from { color: var(--muted); overflow-wrap: anywhere; }
.vh { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; border: 0; }
.skip { position: absolute; left: -999rem; top: .5rem; z-index: 9; padding: .5rem .75rem; background: var(--bg); border: 2px solid var(--link); border-radius: .375rem; }
.skip:focus { left: .5rem; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.tiles { display: flex; flex-wrap: wrap; gap: .625rem; margin: 1.25rem 0 0; padding: 0; list-style: none; }
.tiles li { min-width: 7.25rem; padding: .5rem .875rem .625rem; border: 1px solid var(--line); border-left-width: .3125rem; border-radius: .5rem; background: var(--soft); font-size: .875rem; }
.tiles b { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tiles .claimed { border-left-color: var(--claim-line); }
.tiles .overlap { border-color: var(--overlap-line); background: var(--overlap); color: var(--overlap-fg); }
.tiles .free { border-left-color: var(--free-line); }
.tiles .undecided { border-left-color: var(--open-line); }
.notes, .conflicts { margin: 0; margin-top: 1rem; padding: 0; list-style: none; }
.notes li { margin: .375rem 0; padding: .5rem .875rem; border: 1px solid var(--open-line); border-left-width: .3125rem; border-radius: .5rem; background: var(--open); color: var(--open-fg); overflow-wrap: anywhere; }
.conflicts { max-height: 22rem; overflow: auto; border: 1px solid var(--line); border-radius: .5rem; }
.conflicts li { padding: .3125rem .875rem; border-left: .3125rem solid var(--open-line); overflow-wrap: anywhere; font-size: .9375rem; }
.conflicts li + li { border-top: 1px solid var(--line); }
.conflicts .overlap { border-left-color: var(--overlap-line); }
.conflicts .overlap strong { color: var(--overlap-text); }
.filter { display: flex; flex-wrap: wrap; align-items: center; gap: .625rem 1.25rem; margin: 0 0 .75rem; }
.filter[hidden] { display: none; }
.filter fieldset { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1rem; margin: 0; padding: 0; border: 0; min-width: 0; }
.filter legend { float: left; padding: 0; color: var(--muted); }
.filter label { display: inline-flex; align-items: center; gap: .4375rem; min-height: 1.75rem; }
.filter .text { flex: 0 1 24rem; flex-wrap: wrap; color: var(--muted); }
.filter input[type=search] { flex: 1 1 11rem; min-width: 0; padding: .3125rem .625rem; border: 1px solid var(--strong); border-radius: .375rem; background: var(--bg); color: var(--fg); font: inherit; }
.filter input[type=checkbox] { width: 1.125rem; height: 1.125rem; margin: 0; accent-color: var(--link); }
.filter .off { color: var(--muted); }
.filter button { padding: .25rem .75rem; border: 1px solid var(--strong); border-radius: .375rem; background: var(--soft); color: var(--fg); font: inherit; cursor: pointer; }
.filter output { color: var(--muted); font-variant-numeric: tabular-nums; }
.key { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 .75rem; padding: 0; list-style: none; color: var(--muted); font-size: .875rem; }
.key kbd, .k, .n { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; }
.key kbd { padding: 0 .25rem; border: 1px solid var(--line); border-radius: .25rem; color: var(--fg); font-size: .8125rem; }
.scroll { position: relative; width: fit-content; max-width: 100%; overflow: auto; max-height: 90vh; border: 1px solid var(--line); border-radius: .5rem; background: var(--bg); }
table { border-collapse: separate; border-spacing: 0; font-size: .875rem; line-height: 1.35; }
caption { padding: .625rem .75rem; text-align: left; color: var(--muted); }
th, td { padding: .3125rem .625rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: middle; font-weight: inherit; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { position: sticky; top: 0; z-index: 2; background: var(--soft); vertical-align: bottom; font-weight: 600; border-bottom: 1px solid var(--strong); }
.map th:first-child { position: sticky; left: 0; z-index: 1; background: var(--bg); border-right: 1px solid var(--line); }
.map thead th:first-child { z-index: 3; background: var(--soft); }
.n { min-width: 7rem; max-width: 22rem; overflow-wrap: anywhere; font-size: .8125rem; }
.n .short { white-space: nowrap; }
thead .n { font: inherit; font-weight: 600; font-size: .875rem; }
.c { text-align: center; border-right: 1px solid var(--line); }
.c:last-child { border-right: 0; }
thead .c { min-width: 6rem; max-width: 14rem; overflow-wrap: anywhere; }
.ns { display: block; color: var(--muted); font-weight: 400; font-size: .8125rem; }
.badge { display: inline-block; padding: 0; padding-inline: .4375rem; border: 1px solid var(--strong); border-radius: 1rem; font-size: .75rem; font-weight: 600; white-space: nowrap; }
.many .c { padding-left: .1875rem; padding-right: .1875rem; min-width: 2.75rem; }
.many .k { padding: .0625rem .1875rem; font-size: .75rem; letter-spacing: 0; }
.many thead .c { padding-bottom: .5rem; max-width: none; }
.many thead .c > span { display: inline-block; writing-mode: vertical-rl; transform: rotate(180deg); text-align: left; max-height: 12.5rem; line-height: 1.2; }
.many .ns { display: inline; }
.many .ns::after { content: "/"; }
.k { display: inline-block; padding: .0625rem .3125rem; border: 1px solid var(--claim-line); border-radius: .25rem; background: var(--claim); color: var(--claim-fg); font-size: .8125rem; font-weight: 600; letter-spacing: .06em; white-space: pre; }
.k.q { border-style: dashed; background: transparent; color: var(--fg); }
.s { white-space: nowrap; border-right: 1px solid var(--line); }
.s span { display: inline-block; padding: 0 .4375rem; border: 1px solid transparent; border-radius: 1rem; }
tr.overlap .s span { border: 2px solid var(--overlap-line); background: var(--overlap); color: var(--overlap-fg); font-weight: 700; }
tr.overlap > * { background: var(--overlap); }
tr.overlap th.n { background: var(--overlap); color: var(--overlap-fg); font-weight: 700; box-shadow: inset .25rem 0 var(--overlap-line); }
tr.overlap .k { border: 2px solid var(--overlap-line); background: var(--bg); color: var(--overlap-fg); }
tr.free .s span { border: 1px dashed var(--free-line); background: var(--free); color: var(--free-fg); font-weight: 600; }
tr.undecided .s span { border: 1px dotted var(--open-line); background: var(--open); color: var(--open-fg); font-weight: 600; }
tr.claimed .s, tr.control-plane .s { color: var(--muted); }
.map tbody tr:hover > *, .map tbody tr:target > * { box-shadow: inset 0 1px var(--strong), inset 0 -1px var(--strong); }
.map tbody tr.overlap:hover > .n, .map tbody tr.overlap:target > .n { box-shadow: inset .25rem 0 var(--overlap-line), inset 0 1px var(--strong), inset 0 -1px var(--strong); }
.map tbody tr { scroll-margin-top: 5rem; }
.many tbody tr { scroll-margin-top: 15rem; }
.all { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem .875rem; }
.num { text-align: right; font-variant-numeric: tabular-nums; }
.clusters { width: 100%; }
.clusters th[scope=row] { min-width: 11rem; overflow-wrap: anywhere; font-weight: 600; }
.clusters td { vertical-align: top; }
.clusters th { vertical-align: top; }
.clusters ul { margin: 0; padding-left: 1.125rem; min-width: 14rem; overflow-wrap: anywhere; }
.none { padding: .75rem; }
@media (max-width: 40rem) {
  header, main, footer { padding-left: .875rem; padding-right: .875rem; }
  .tiles li { min-width: 6rem; flex: 1 1 6rem; }
  .n { min-width: 6.5rem; max-width: 10rem; }
  th, td { padding-left: .4375rem; padding-right: .4375rem; }
}
@media (forced-colors: active) {
  .k, .s span, .tiles li, .notes li, .conflicts li { border: 1px solid CanvasText; }
  tr.overlap .s span { border-width: 3px; }
}
@media print {
  @page { margin: 12mm; }
  html { font-size: 10px; }
  body { font-size: 1.1rem; }
  header, main, footer { max-width: none; padding: 0; }
  .skip, .filter { display: none !important; }
  .scroll, .conflicts { overflow: visible; max-height: none; }
  .scroll { border: 0; }
  table, thead .n { font-size: 1rem; }
  thead { display: table-header-group; }
  thead th, .map th:first-child { position: static; }
  tr { break-inside: avoid; }
  th, td { padding: 1px 3px; }
  .n { min-width: 0; font-size: 1rem; }
  .k { padding: 0 2px; font-size: .9rem; letter-spacing: 0; }
  thead .c { min-width: 0; }
  .s span { padding: 0 .2rem; }
  .many .k { padding: 0 1px; font-size: .75rem; }
  .many .c { min-width: 0; padding: 1px; }
}
`;
