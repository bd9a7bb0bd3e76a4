/** Checks that a server decides as its figures presume, before it is timed. */
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { all } from './plane.mjs';

const START_MS = 30_000;

/** Waits until the server answers. Throws if it denies one of the `allowed` reviews, or allows the `denied` one. */
export async function expectAnswers({ name, port, ca, path, allowed, denied }) {
  const agent = new Agent({ ca, servername: 'localhost', keepAlive: true });
  const ask = (body) =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method: 'POST', agent }, async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve(text);
      })
        .once('error', reject)
        .setHeader('content-type', 'application/json')
        .end(body);
    });
  const expect = async (body, expected) => {
    const answer = await ask(body);
    const { uid } = JSON.parse(body).request;
    const { response } = JSON.parse(answer);
    if (response?.uid !== uid || response.allowed !== expected)
      throw new Error(`${name} does not ${expected ? 'allow' : 'deny'} a review: ${answer.slice(0, 1000)}`);
  };
  try {
    for (const deadline = Date.now() + START_MS; ; await sleep(50)) {
      const error = await ask(denied).then(
        () => undefined,
        (reason) => reason,
      );
      if (error === undefined) break;
      if (error.code !== 'ECONNREFUSED' || Date.now() > deadline) throw error;
    }
    await expect(denied, false);
    await all(allowed.length, (each) => expect(allowed[each], true));
  } finally {
    agent.destroy();
  }
}
