/**
 * Preloaded into a program under test (`node --import`): kills it once standard input is closed, so that it
 * does not outlive the test run that holds the other end, however that ends. Keeps nothing else alive.
 */
process.stdin.resume();
process.stdin.once('end', () => process.kill(process.pid, 'SIGKILL'));
process.stdin.unref?.();
