import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAccepted } from '../../../src/repl/state/queue/entries.ts';
import { SEED } from '../../helpers/seeded-bytes.ts';
import { line, NOW, press, type } from './play.ts';
import { QueueWorld } from './queue-world.ts';

const RUNS = Number(process.env.NSH_QUEUE_RUNS ?? 1_000);

const ACTIONS = [
  'submit',
  'submit',
  'foreign',
  'request',
  'request',
  'answer',
  'news',
  'news',
  'news',
  'work',
  'work',
  'result',
  'result',
  'cancel',
  'edit',
  'send edit',
  'give up edit',
  'move',
  'hold',
  'release',
  'drop unsent',
  'disconnect',
  'reconnect',
  'cut news',
  'tell news',
  'tick',
  'set',
] as const;
const action = fc.record({ does: fc.constantFrom(...ACTIONS), pick: fc.nat(30) });
const FATES = ['not_sent', 'refused', 'lost', 'lost but taken'] as const;

/** What a person means: the own lines in the order in which they are to run. */
class Intent {
  lines: string[] = [];
  replace(old: string, by: string): void {
    this.lines = this.lines.map((one) => (one === old ? by : one));
  }
  swap(a: string, b: string): void {
    const [i, j] = [this.lines.indexOf(a), this.lines.indexOf(b)];
    this.lines = this.lines.with(i, b).with(j, a);
  }
}

function play(
  world: QueueWorld,
  intent: Intent,
  { does, pick }: { does: (typeof ACTIONS)[number]; pick: number },
  step: number,
): void {
  const { entries, editing } = world.state;
  const entry = entries[pick % Math.max(1, entries.length)];
  const leaveEdit = () => editing !== undefined && world.do(press('ctrl+c'));
  switch (does) {
    case 'submit':
      leaveEdit();
      world.do(...line(`own ${step}`));
      intent.lines.push(`own ${step}`);
      break;
    case 'foreign': {
      const launching = entries.find(({ phase }) => phase === 'launching');
      // Now and then two clients send the same text.
      world.foreign(pick % 4 === 0 && launching ? launching.command : `foreign ${step}`);
      break;
    }
    case 'request':
      world.request(pick < FATES.length ? (FATES[pick] ?? 'taken') : 'taken', pick % 2 === 0);
      break;
    case 'answer':
      world.answer();
      break;
    case 'news':
      world.news();
      break;
    case 'work':
      world.work(pick % 3 === 0 ? 1 : 0);
      break;
    case 'result':
      world.result(pick);
      break;
    case 'cancel':
      leaveEdit();
      if (entry !== undefined) world.do(...line(`:cancel ${entry.number}`));
      break;
    case 'edit':
      leaveEdit();
      if (entry !== undefined) world.do(...line(`:edit ${entry.number}`));
      break;
    case 'send edit': {
      const edited = entries.find(({ number }) => number === editing);
      if (edited === undefined) break;
      world.do(press('ctrl+e'), type(`+${step}`), press('enter'));
      const text = `${edited.command}+${step}`;
      if (!world.state.entries.some(({ command }) => command === text)) {
        // It had begun: the text is a line of its own now.
        if (world.state.editing === undefined) world.do(press('ctrl+c'));
        break;
      }
      if (edited.phase === 'unsent') intent.replace(edited.command, text);
      else intent.lines.push(text);
      break;
    }
    case 'give up edit':
      leaveEdit();
      break;
    case 'move': {
      if (entry === undefined || editing !== undefined) break;
      world.do(press('ctrl+q'), press('home'));
      for (let at = 0; at < entries.indexOf(entry); at++) world.do(press('down'));
      world.do(type('J'), press('escape'));
      const other = entries[entries.indexOf(entry) + 1];
      const moved = world.state.entries.indexOf(entry) > entries.indexOf(entry);
      if (moved && other !== undefined) intent.swap(entry.command, other.command);
      break;
    }
    case 'hold':
      if (entry !== undefined && editing === undefined) world.do(press('ctrl+q'), type('h'), press('escape'));
      break;
    case 'release':
      leaveEdit();
      world.do(press('enter'));
      break;
    case 'drop unsent':
      if (pick % 4 !== 0 || entry === undefined || editing !== undefined) break;
      world.do(press('ctrl+q'), type('D'), press('escape'));
      break;
    case 'disconnect':
      if (pick % 4 === 0 && world.connected) world.disconnect();
      break;
    case 'reconnect':
      if (!world.connected) world.reconnect(pick % 2 === 0);
      break;
    case 'cut news':
      if (pick % 4 === 0) world.cutNews();
      break;
    case 'tell news':
      if (world.connected && !world.told) world.tell(pick % 2 === 0);
      break;
    case 'tick':
      world.do({ type: 'tick', now: NOW });
      break;
    case 'set':
      leaveEdit();
      if (pick % 4 === 0) world.do(...line(`:set stop-on-error ${pick % 8 === 0 ? 'on' : 'off'}`));
      break;
  }
}

/** Everything comes to its end: nobody holds, edits or cuts anything any more. */
function drain(world: QueueWorld): void {
  if (!world.connected) world.reconnect(true);
  if (!world.told) world.tell(true);
  if (world.state.editing !== undefined) world.do(press('ctrl+c'));
  for (let round = 0; round < 5_000 && (world.busy || world.state.entries.length > 0); round++) {
    world.do({ type: 'relaunch' });
    if (!world.isService) world.do({ type: 'tick', now: NOW });
    if (world.state.hold !== undefined) world.do(press('enter'));
    world.request('taken');
    world.answer();
    world.news();
    world.work(0);
    world.result(round);
  }
}

function checkAlways(world: QueueWorld): void {
  const { entries } = world.state;
  const unique = (values: readonly unknown[]) => expect(new Set(values).size).toBe(values.length);
  unique(entries.map(({ number }) => number));
  unique(entries.flatMap(({ executionId }) => executionId ?? []));
  const places = entries.map((entry) => (isAccepted(entry) ? 0 : entry.phase === 'launching' ? 1 : 2));
  expect(places).toEqual(places.toSorted());
  expect(places.filter((place) => place === 1).length).toBeLessThanOrEqual(1);
  // A block is open alone: none opens before the one before it is closed.
  const open = world.blocks.filter((one) => one.startsWith('open')).length;
  const closed = world.blocks.length - open;
  expect(open - closed === 0 || open - closed === 1).toBe(true);
}

function checkEnd(world: QueueWorld, intent: Intent): void {
  expect(world.state.entries).toEqual([]);
  for (const command of intent.lines) {
    const fates = [
      ...world.taken.filter((one) => one.command === command),
      ...world.refused.filter((one) => one === command),
      ...world.printed.filter((text) => text.endsWith(`dropped before it was sent: ${command}`)),
    ];
    expect(fates, command).toHaveLength(1);
  }
  // What was replaced never ran; all else in the order that was meant.
  const taken = world.taken.map(({ command }) => command);
  expect(taken).toEqual(intent.lines.filter((command) => taken.includes(command)));
  const closed = world.blocks
    .filter((one) => one.startsWith('close'))
    .flatMap((one) => world.executionOf.get(Number(one.slice(6))) ?? []);
  const ran = new Set(world.ran.map(({ id }) => id));
  for (const { id, command, exitStatus } of world.taken) {
    if (exitStatus !== null) continue;
    const told = world.printed.some((text) => text.startsWith(`⊘ #`) && text.includes(command));
    // The service does not tell what begins: the next one is taken to, and its block says that it never ran.
    expect(told || (world.isService && closed.includes(id)), `${id} ${command}`).toBe(true);
  }
  const shownRuns = closed.filter((id) => !world.isService || ran.has(id));
  // What others ran meanwhile the service does not tell.
  const seen = world.isService ? world.ran.filter((one) => world.knownHere(one)) : world.ran;
  expect(shownRuns).toEqual(seen.map(({ id }) => id));
}

test.each(['the embedded devbox', 'the service'])('on %s nothing is lost, doubled or reordered', (where) => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 5, maxLength: 80 }), (actions) => {
      const world = new QueueWorld(where === 'the service');
      const intent = new Intent();
      for (const [step, one] of actions.entries()) {
        play(world, intent, one, step);
        checkAlways(world);
      }
      drain(world);
      checkAlways(world);
      checkEnd(world, intent);
    }),
    { numRuns: RUNS, seed: SEED },
  );
});
