'use strict';
/**
 * Ends the process with one line if this Node is older than package.json allows. It runs before all other code, and
 * old releases must be able to read it: no syntax and no API that Node 6 lacks.
 */

// The build writes the range into dist/cli.js.
const range = typeof NODE_RANGE === 'string' ? NODE_RANGE : require('../package.json').engines.node;
const needed = range.replace('>=', '');
const current = process.versions.node;
const minimum = needed.split('.').map(Number);
const actual = current.split('.').map(Number);

if (actual[0] < minimum[0] || (actual[0] === minimum[0] && actual[1] < minimum[1])) {
  let line = `iomesh-guard needs Node ${needed} or newer; this is ${current}`;
  // An annotation on the page of the run: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
  if (process.env.GITHUB_ACTIONS === 'true')
    line = `::error title=iomesh-guard::${line}; add actions/setup-node before this step`;
  console.error(line);
  process.exit(2);
}
