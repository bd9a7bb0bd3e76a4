import { type DestinationStream, pino } from 'pino';

/**
 * The standard output for log lines. The lines of one turn of the event loop are written together, at its end: a
 * system call for each decision took a tenth of the time of a review. A process that exits writes what is left.
 */
export function logOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: true });
  let lines = '';
  const flush = () => {
    const text = lines;
    lines = '';
    if (text !== '') output.write(text);
  };
  process.on('exit', flush);
  return {
    write(line) {
      if (lines === '') setImmediate(flush);
      lines += line;
    },
  };
}
