/**
 * What the page does: it hides the rows that are not asked for. Without it the page shows everything, and no
 * controls. Plain script of a decade ago, for it is not compiled.
 */
export const SCRIPT = `
'use strict';
(function () {
  var form = document.getElementById('filter');
  var table = document.getElementById('map');
  if (!form || !table) return;
  var text = document.getElementById('text');
  var overlap = document.getElementById('overlap');
  var free = document.getElementById('free');
  var shown = document.getElementById('shown');
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
