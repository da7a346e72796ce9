import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Devbox, Runloop, RunloopSDK } from '@runloop/api-client';
import type { Answers } from './answers.ts';

/** What a scenario has to work with: the official client, connected, and a place for files. */
export interface Stage {
  readonly sdk: RunloopSDK;
  /** The client below the objects of the SDK: one method for each route. */
  readonly api: Runloop;
  /** Collects answers, to be held against the client's own types. */
  readonly answers: Answers;
  /** A devbox that is shut down with the scenario. */
  create(params?: Runloop.DevboxCreateParams): Promise<Devbox>;
  /** A folder of this machine that goes with the scenario. */
  folder(): Promise<string>;
}

/** Something that the official client documents, done with it. */
export interface Scenario {
  readonly name: string;
  run(stage: Stage): Promise<void>;
}

export const scenario = (name: string, run: Scenario['run']): Scenario => ({ name, run });

/** Plays one scenario, and cleans up after it. */
export async function play(scene: Scenario, sdk: RunloopSDK, answers: Answers): Promise<void> {
  const devboxes: Devbox[] = [];
  const folders: string[] = [];
  try {
    await scene.run({
      sdk,
      api: sdk.api,
      answers,
      async create(params) {
        const devbox = await sdk.devbox.create(params);
        devboxes.push(devbox);
        return devbox;
      },
      async folder() {
        const folder = await mkdtemp(join(tmpdir(), 'nsh-contract-'));
        folders.push(folder);
        return folder;
      },
    });
  } finally {
    await Promise.all(devboxes.map((devbox) => devbox.shutdown()));
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

/** What a call fails with, as the client shows it: `status` is the answer's, `error` its body. */
export async function failureOf(
  call: PromiseLike<unknown>,
): Promise<{ name: string; status?: number; error?: { message?: string; code?: string } }> {
  try {
    await call;
  } catch (error) {
    const failure = error as object;
    return { ...failure, name: failure.constructor.name };
  }
  throw new Error('The call was to fail, and did not.');
}
