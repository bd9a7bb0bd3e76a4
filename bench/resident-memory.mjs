import { readFileSync } from 'node:fs';

/** The resident memory of a process, at its peak and now, in MB of 10^6 bytes. */
export function residentMemory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (field) =>
    Math.round((Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)[1]) * 1024) / 1e6);
  return { peak: megabytes('VmHWM'), now: megabytes('VmRSS') };
}
