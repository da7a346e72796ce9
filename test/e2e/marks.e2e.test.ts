import { expect, test } from 'vitest';
import { createPlace } from '../helpers/repl.ts';

const sizes = [
  [80, 24],
  [40, 14],
] as const;

test.each(sizes)(
  'at %dx%d: each command is marked for the terminal, and a long one calls when it ends out of focus',
  async (columns, rows) => {
    await using place = createPlace();
    using nsh = await place.open([], { columns, rows });
    nsh.write('echo out; echo more; (exit 3)\r');
    await nsh.waitFor(/^✗ exit 3/m);
    // Silent for a while: the frame is drawn anew below its header.
    nsh.write('read <<< x\r');
    await nsh.waitFor(/#2 read[\s\S]*^✓/m);
    nsh.write('for n in 1 2; do\recho "line $n"; done\r');
    await nsh.waitFor(/^line 2\n✓/m);
    nsh.resize(columns + 7, rows);
    nsh.write(':set marks off\r');
    await nsh.waitFor('marks is off');
    nsh.write('echo unmarked\r');
    await nsh.waitFor(/^unmarked\n✓/m);
    // What is marked twice counts where it is marked last: the first time is to end the prompt at once.
    const marks = nsh
      .marks()
      .filter(({ what }, index, all) => !(what === 'C' && all[index + 1]?.what === 'C'));
    const text = (mark: (typeof marks)[number] | undefined) => mark?.text.replace(/[\d.]+m?s$/, 'time');
    expect(marks.map((mark) => `${mark.what} @${mark.column} ${text(mark)}`)).toEqual([
      'A;redraw=0 @0 #1 echo out; echo more; (exit 3)',
      'B @3 #1 echo out; echo more; (exit 3)',
      'C @0 out',
      'D;3 @0 ✗ exit 3 · time',
      'A;redraw=0 @0 #2 read <<< x',
      'B @3 #2 read <<< x',
      'C @0 ✓ time',
      'D;0 @0 ✓ time',
      'A;redraw=0 @0 #3 for n in 1 2; do',
      'B @3 #3 for n in 1 2; do',
      'C @0 line 1',
      'D;0 @0 ✓ time',
    ]);

    expect(nsh.modes()).toMatchObject({ sendFocusMode: true });
    nsh.write(':set notify-after 0\r');
    await nsh.waitFor('notify-after is 0');
    nsh.write('echo seen\r');
    await nsh.waitFor(/^seen\n✓/m);
    expect(nsh.bells()).toBe(0);
    const lost = '\x1b[O';
    nsh.write(`echo unseen\r${lost}`);
    await nsh.waitFor(/^unseen\n✓/m);
    await nsh.waitFor(() => nsh.bells() === 1);
    nsh.write(`:set notify osc9\r${lost}`);
    await nsh.waitFor('notify is osc9');
    nsh.write(`${String.raw`true $'\a\e]52;c;aGk=\a'; false`}\r${lost}`);
    await nsh.waitFor(/^✗ exit 1/m);
    await nsh.waitFor(() =>
      nsh.raw().includes(String.raw`]9;#7 true $'\a\e]52;c;aGk=\a'; false ✗ exit 1 · `),
    );
    nsh.write('\x1b[I:set notify osc777\r');
    await nsh.waitFor('notify is osc777');
    nsh.write('echo seen again\r');
    await nsh.waitFor(/^seen again\n✓/m);
    expect(nsh.raw()).not.toContain(']777');
    nsh.write('\x04');
    await nsh.exited;
    expect(nsh.modes()).toMatchObject({ sendFocusMode: false });
  },
);
