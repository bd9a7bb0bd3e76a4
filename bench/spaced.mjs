/** Requests with long pauses over one keep-alive connection, as from an idle apiserver. */
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

export async function spaced({ port, ca, body, times, pauseMs }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let failed = 0;
  for (let sent = 0; sent < times; sent++) {
    const status = await new Promise((resolve) => {
      const call = request(
        {
          host: '127.0.0.1',
          port,
          ca,
          agent,
          method: 'POST',
          path: '/validate?timeout=5s',
          headers: { 'content-type': 'application/json' },
        },
        (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode));
        },
      );
      call.on('error', () => resolve(0));
      call.end(body);
    });
    if (status !== 200) failed += 1;
    await sleep(pauseMs);
  }
  agent.destroy();
  return { failed, sent: times };
}
