import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { seeded } from '../engine/random-times.ts';
import { whenStatus } from '../http/commands.ts';
import { type Answer, get, post } from '../http/raw-client.ts';
import { MortalDevbox } from './mortal-devbox.ts';

const CLIENTS = 4;
const SHELLS = ['a', 'b', 'c'];
const KILLS = 12;

interface Sent {
  readonly id: string;
  readonly client: number;
  readonly number: number;
  readonly shell: string;
  readonly lines: number;
  readonly exits: boolean;
}

const numbers = (lines: number) => Array.from({ length: lines }, (_, n) => `${n + 1}\n`).join('');
const mark = ({ client, number }: Pick<Sent, 'client' | 'number'>) => `${client}-${number}`;

test.each([1, 2])(
  '%d: several clients while the server is killed at random times',
  { timeout: 60_000 },
  async (seed) => {
    await using devbox = await MortalDevbox.start();
    let up = Promise.withResolvers<void>();
    up.resolve();
    let isOver = false;
    const sent: Sent[] = [];

    /** Asks until a server has answered: a kill cuts connections, with or without the request having come. */
    const ask = async (path: string, body: unknown = {}): Promise<Answer> => {
      for (;;) {
        await up.promise;
        try {
          return await post(devbox, path, body);
        } catch {
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    };

    const client = async (index: number) => {
      const random = seeded(seed * 100 + index);
      const any = <T>(of: readonly T[]): T | undefined => of[Math.floor(random() * of.length)];
      for (let number = 0; !isOver; number++) {
        const dice = random();
        const shell = any(SHELLS) ?? 'a';
        const target = any(sent.slice(-20));
        if (dice < 0.1 && target !== undefined) {
          await ask(routes.sendStdIn('local', target.id), { signal: 'INTERRUPT' });
        } else if (dice < 0.2 && target !== undefined) {
          await ask(routes.kill('local', target.id));
        } else if (dice < 0.22) {
          await ask(routes.closeShell('local', shell));
        } else {
          const exits = dice < 0.24;
          const lines = Math.floor(random() * 3000);
          const wait = (random() * 0.08).toFixed(3);
          const half = Math.floor(lines / 2);
          const text = `echo ${index}-${number} >>~/ran-${shell}; seq ${half}; sleep ${wait}; seq ${half + 1} ${lines}`;
          const command = exits ? `${text}; exit 3` : text;
          const answer = await ask(routes.execute('local'), {
            command,
            command_id: randomUUID(),
            shell_name: shell,
            optimistic_timeout: 0,
          });
          expect(answer.status).toBe(200);
          sent.push({ id: answer.body.execution_id, client: index, number, shell, lines, exits });
          if (random() < 0.5) await pause(random() * 60);
        }
      }
    };

    const clients = Array.from({ length: CLIENTS }, (_, index) => client(index));
    const random = seeded(seed);
    for (let kill = 0; kill < KILLS; kill++) {
      await pause(random() * 500);
      up = Promise.withResolvers();
      await devbox.kill();
      await pause(random() * 100);
      await devbox.start();
      up.resolve();
    }
    isOver = true;
    await Promise.all(clients);
    expect(sent.length).toBeGreaterThan(KILLS);

    const views = new Map<string, Answer['body']>();
    for (const { id } of sent) views.set(id, await whenStatus(devbox, id));
    await devbox.restart();

    const ran = new Map(SHELLS.map((shell) => [shell, ranIn(devbox, shell)]));
    for (const one of sent) {
      const view = views.get(one.id);
      const again = (await get(devbox, routes.execution('local', one.id))).body;
      expect(again).toMatchObject({ status: 'completed', exit_status: view.exit_status });
      expect(again.nsh.end_reason).toBe(view.nsh.end_reason);
      const times = ran.get(one.shell)?.filter((name) => name === mark(one)).length ?? 0;
      const what = `${mark(one)}: ${JSON.stringify(view.nsh)}`;
      expect(times, what).toBeLessThanOrEqual(1);
      if (view.nsh.end_reason === 'cancelled') expect(times, what).toBe(0);
      if (view.exit_status === 0) expect(times, what).toBe(1);
      const output = await get(devbox, routes.output('local', one.id, 'stdout'));
      const text = output.bytes.toString();
      // What may have been lost says so; without it what is there is right, and whole when the command was.
      if (again.nsh.message?.includes('server was killed')) continue;
      expect(numbers(one.lines).startsWith(text), what).toBe(true);
      if (view.exit_status === 0) expect(text.length, what).toBe(numbers(one.lines).length);
    }
    for (const shell of SHELLS) {
      for (let index = 0; index < CLIENTS; index++) {
        const own = ran.get(shell)?.filter((name) => name.startsWith(`${index}-`)) ?? [];
        const order = own.map((name) => Number(name.split('-')[1]));
        expect(order).toEqual(order.toSorted((a, b) => a - b));
      }
    }
  },
);

function ranIn(devbox: MortalDevbox, shell: string): string[] {
  const path = join(devbox.home, `ran-${shell}`);
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
}
