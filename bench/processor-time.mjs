import { readFileSync } from 'node:fs';

/** Milliseconds of processor time that a process has had, all threads, 10 ms exact. */
export function processorTime(pid) {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}
