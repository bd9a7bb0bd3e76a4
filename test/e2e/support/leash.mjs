/**
 * Preloaded into a program under test (`node --import`): kills it when standard input is closed, so that it does
 * not outlive the test run.
 */
process.stdin.resume();
process.stdin.once('end', () => process.kill(process.pid, 'SIGKILL'));
process.stdin.unref?.();
