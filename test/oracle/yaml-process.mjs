import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Starts the Go program; it writes a line of JSON for each file, in order. */
export function startOracle(binary) {
  const child = spawn(binary, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async (files) => {
    for (const file of files) {
      const size = Buffer.alloc(4);
      size.writeUInt32LE(file.length);
      child.stdin.write(size);
      child.stdin.write(file);
    }
    const results = [];
    while (results.length < files.length) {
      const { value, done } = await lines.next();
      if (done) throw new Error('the oracle ended early');
      results.push(JSON.parse(value));
    }
    return results;
  };
  const stop = () =>
    new Promise((resolve) => {
      child.once('close', resolve);
      child.stdin.end();
    });
  return { read, stop };
}
