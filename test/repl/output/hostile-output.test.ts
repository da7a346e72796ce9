import { Terminal } from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { createBlockWriter } from '../../../src/repl/output/block-writer.ts';
import { createPump } from '../../../src/repl/output/pump.ts';
import { createSanitiser } from '../../../src/repl/output/sanitiser.ts';
import { HOSTILE } from './hostile-sequences.ts';

const ALL_OPERATING_SYSTEM_COMMANDS = [
  0, 1, 2, 4, 7, 8, 9, 10, 11, 12, 22, 50, 52, 104, 110, 111, 112, 133, 777, 1337,
];

/** A terminal that notes everything a program may not do to it. */
function watchedTerminal() {
  const terminal = new Terminal({
    cols: 80,
    rows: 24,
    scrollback: 1000,
    allowProposedApi: true,
    logLevel: 'off',
  });
  const events: string[] = [];
  terminal.onData((data) => events.push(`answered ${JSON.stringify(data)}`));
  terminal.onBinary((data) => events.push(`answered ${JSON.stringify(data)}`));
  terminal.onTitleChange((title) => events.push(`title ${title}`));
  terminal.onBell(() => events.push('bell'));
  for (const command of ALL_OPERATING_SYSTEM_COMMANDS) {
    terminal.parser.registerOscHandler(command, (data) => {
      events.push(`osc ${command} ${data}`);
      return false;
    });
  }
  const write = (text: string) => new Promise<void>((resolve) => terminal.write(text, resolve));
  const state = () => ({
    events: [...events],
    modes: { ...terminal.modes },
    buffer: terminal.buffer.active.type,
    scrolledBack: terminal.buffer.active.baseY,
    cursor: [terminal.buffer.active.cursorX, terminal.buffer.active.cursorY],
  });
  const rows = () =>
    Array.from({ length: 3 }, (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true));
  return { write, state, rows };
}

describe('hostile output at a terminal', () => {
  it('is hostile indeed: unfiltered, most of it changes the terminal', async () => {
    let changed = 0;
    for (const [, input] of HOSTILE) {
      const { write, state } = watchedTerminal();
      await write('before\r\n');
      const { cursor: _, ...before } = state();
      await write(input);
      const { cursor: __, ...after } = state();
      if (JSON.stringify(after) !== JSON.stringify(before)) changed++;
    }
    expect(changed).toBeGreaterThan(15);
  });

  it.each(HOSTILE)('changes nothing: %s', async (_name, input, left) => {
    const { write, state, rows } = watchedTerminal();
    await write('before\r\n');
    const before = state();
    // Each split with a sanitiser of its own, all on one terminal: what one leaves behind shows in the end.
    for (let at = 0; at <= input.length; at++) {
      const sanitiser = createSanitiser();
      const safe = sanitiser.write(input.slice(0, at)) + sanitiser.write(input.slice(at)) + sanitiser.end();
      await write(`${safe.replaceAll('\n', '\r\n')}\r\x1b[2K`);
    }
    expect(state()).toEqual(before);
    const sanitiser = createSanitiser();
    await write(sanitiser.write(`a${input}b`));
    expect(rows()).toEqual(['before', `a${left}b`, '']);
  });

  it('comes through a block without a trace but its text, also cut after every character', async () => {
    const { write, state } = watchedTerminal();
    const before = state();
    let screen = '';
    const pump = createPump({
      write(text) {
        screen += text;
      },
    });
    const block = createBlockWriter({ pump, foldLabel: (lines) => `${lines} lines` });
    for (const [, input] of HOSTILE) for (const char of input) await block.write('stderr', char);
    block.end('done');
    await pump.idle();
    await write(`${screen.replaceAll('\n', '\r\n')}`);
    expect({ ...state(), cursor: before.cursor }).toEqual(before);
    expect(screen).toMatch(/done\n$/);
  });
});
