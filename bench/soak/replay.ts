import type { Config } from '../../src/core/base/config.ts';
import { type Resource, toResource } from '../../src/core/base/model.ts';
import { World } from '../../src/core/world.ts';
import { answerTo } from '../../test/closure/steps.ts';
import type { StoredEvent } from './history.ts';
import type { Attempt } from './traffic.ts';

/** What became of the changes. */
export interface Verdicts {
  readonly stored: number;
  readonly denied: number;
  /** Refused by the apiserver itself, for example because the object was changed meanwhile. */
  readonly refused: number;
  readonly wrong: readonly string[];
}

/** Compares answers with the worlds that were stored. */
export function compareAnswers(
  attempts: readonly Attempt[],
  events: readonly StoredEvent[],
  config: Config,
): Verdicts {
  const worlds = new Worlds(events, config);
  const wrong: string[] = [];
  let [stored, denied, refused] = [0, 0, 0];
  for (const attempt of attempts) {
    if (attempt.status < 300) {
      stored++;
      const event = worlds.eventOf(attempt);
      if (event === undefined) wrong.push(`${attempt.text}: answered as stored, but not in the history`);
      else if (!worlds.isAdmitted(attempt, event))
        wrong.push(
          `${attempt.text} at revision ${event.revision}: admitted, ${worlds.denialOf(attempt, event.revision)}`,
        );
    } else if (
      /denied the request/.test(attempt.message) &&
      !/cannot verify|already exists/.test(attempt.message)
    ) {
      denied++;
      if (!worlds.isDenied(attempt, attempts))
        wrong.push(`${attempt.text}: denied, ${attempt.message.slice(0, 300)}`);
    } else refused++;
  }
  return { stored, denied, refused, wrong };
}

class Worlds {
  readonly #events: readonly StoredEvent[];
  readonly #config: Config;
  /** The objects after each event, by the number of the event. */
  readonly #states: ReadonlyMap<string, Resource>[] = [];

  constructor(events: readonly StoredEvent[], config: Config) {
    this.#events = events;
    this.#config = config;
    let state: ReadonlyMap<string, Resource> = new Map();
    for (const { key, resource } of events) {
      const next = new Map(state);
      if (resource === undefined) next.delete(key);
      else next.set(key, resource);
      this.#states.push(next);
      state = next;
    }
  }

  /** The event of an admitted change. */
  eventOf({ key, from, to, stored }: Attempt): StoredEvent | undefined {
    const revision = (stored?.['metadata'] as { resourceVersion?: string } | undefined)?.resourceVersion;
    return this.#events.find((each) =>
      stored === undefined
        ? each.key === key && each.resource === undefined && each.revision > from && each.revision <= to
        : each.key === key && each.revision === Number(revision),
    );
  }

  isAdmitted(attempt: Attempt, { revision }: StoredEvent): boolean {
    return this.#answer(attempt, this.#before(revision), attempt.stored) !== 'denied';
  }

  denialOf(attempt: Attempt, revision: number): string {
    const { denied } = this.#ask(attempt, this.#before(revision), attempt.stored);
    return `though ${denied.map(({ code, message }) => `${code} ${message}`).join('; ')}`.slice(0, 300);
  }

  /** True if a world between the request and its answer denies the change, also one with a change that was pending then. */
  isDenied(attempt: Attempt, attempts: readonly Attempt[]): boolean {
    const { from, to } = attempt;
    const revisions = [from, ...this.#events.map(({ revision }) => revision)].filter(
      (each) => each >= from && each <= to,
    );
    const states = revisions.map((revision) => this.#before(revision + 1));
    if (states.some((state) => this.#answer(attempt, state, attempt.after) === 'denied')) return true;
    const pending = attempts.filter((other) => other !== attempt && other.from <= to && other.to >= from);
    return states.some((state) =>
      pending.some(({ key, after }) => {
        const next = new Map(state);
        const resource = after === undefined ? undefined : toResource(after);
        if (resource === undefined) next.delete(key);
        else next.set(key, resource);
        return this.#answer(attempt, next, attempt.after) === 'denied';
      }),
    );
  }

  #answer(attempt: Attempt, state: ReadonlyMap<string, Resource>, after: Attempt['after']): string {
    return this.#ask(attempt, state, after).outcome;
  }

  #ask(attempt: Attempt, state: ReadonlyMap<string, Resource>, after: Attempt['after']) {
    const resources = [...state.values()];
    const today = new Date(attempt.sentAt).toISOString().slice(0, 10);
    const world = World.of({ resources, config: this.#config, today, mode: 'admission' });
    const change = {
      before: state.get(attempt.key),
      after: after === undefined ? undefined : toResource(after),
      mayDelete: true,
    };
    const createdAt = change.before === undefined ? new Date(attempt.sentAt).toISOString() : undefined;
    return answerTo(world, change, { config: this.#config, createdAt });
  }

  /** The objects before a revision. */
  #before(revision: number): ReadonlyMap<string, Resource> {
    const index = this.#events.findLastIndex((each) => each.revision < revision);
    return this.#states[index] ?? new Map();
  }
}
