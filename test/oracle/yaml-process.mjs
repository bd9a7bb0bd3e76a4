import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Starts the Go side; it answers every file with a line of JSON, in order. */
export function startOracle(binary) {
  const child = spawn(binary, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const judge = async (files) => {
    for (const file of files) {
      const size = Buffer.alloc(4);
      size.writeUInt32LE(file.length);
      child.stdin.write(size);
      child.stdin.write(file);
    }
    const verdicts = [];
    while (verdicts.length < files.length) {
      const { value, done } = await lines.next();
      if (done) throw new Error('the oracle ended early');
      verdicts.push(JSON.parse(value));
    }
    return verdicts;
  };
  const stop = () =>
    new Promise((resolve) => {
      child.once('close', resolve);
      child.stdin.end();
    });
  return { judge, stop };
}
