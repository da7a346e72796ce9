import { describe, expect, it } from 'vitest';
import { type BlockWriterOptions, createBlockWriter } from '../../../src/repl/output/block-writer.ts';
import { sgrColour } from '../../../src/repl/output/palette.ts';
import { createPump } from '../../../src/repl/output/pump.ts';

function openBlock(options: Partial<BlockWriterOptions> = {}) {
  let screen = '';
  const pump = createPump({
    write: (text) => {
      screen += text;
    },
  });
  const block = createBlockWriter({ pump, foldLabel: (lines) => `${lines} folded`, ...options });
  const shown = async () => {
    await pump.idle();
    return screen;
  };
  return { pump, block, shown };
}

describe('the block writer', () => {
  it('keeps the order of lines, tells stderr apart and ends with the exit line', async () => {
    const { block, shown } = openBlock({ colour: false });
    block.line('$ make');
    await block.write('stdout', 'one\ntw');
    await block.write('stderr', 'warning\n');
    await block.write('stdout', 'o\n');
    block.end('✓ 0.3s');
    expect(await shown()).toBe('$ make\none\n! warning\ntwo\n✓ 0.3s\n');
  });

  it('colours the gutter, not what stands between', async () => {
    const { block, shown } = openBlock();
    await block.write('stdout', '\x1b[32mone\n');
    await block.write('stderr', 'err\n');
    block.line('notice');
    await block.write('stdout', 'two\n');
    block.end();
    expect(await shown()).toBe(
      `\x1b[32mone\x1b[0m\n\x1b[${sgrColour('failure')}m▏\x1b[0merr\nnotice\n\x1b[32mtwo\x1b[0m\n`,
    );
  });

  it('takes colours out', async () => {
    const { block, shown } = openBlock({ colour: false });
    await block.write('stdout', '\x1b[32mone\x1b[0m\n');
    block.end();
    expect(await shown()).toBe('one\n');
  });

  it('marks lines that were not ended, the one written to last at the end', async () => {
    const { block, shown } = openBlock({ colour: false, gutter: { stdout: '', stderr: 'E ' } });
    await block.write('stdout', 'out');
    await block.write('stderr', 'err');
    block.end('exit');
    await block.write('stderr', 'err');
    await block.write('stdout', 'out\x1b[3');
    block.end();
    expect(await shown()).toBe('out⏎\nE err⏎\nexit\nE err⏎\nout⏎\n');
    const coloured = openBlock();
    await coloured.block.write('stdout', 'out');
    coloured.block.end();
    expect(await coloured.shown()).toBe('out\x1b[2m⏎\x1b[0m\n');
  });

  it('shows the unterminated line that was written to last', async () => {
    const { block } = openBlock();
    expect(block.partial()).toBeUndefined();
    await block.write('stdout', 'line\n\x1b[1mName:\t');
    expect(block.partial()).toEqual({ stream: 'stdout', text: '\x1b[1mName:\t\x1b[0m', plain: 'Name:    ' });
    await block.write('stderr', '10%\r20%');
    expect(block.partial()).toMatchObject({ stream: 'stderr', plain: '20%' });
    await block.write('stderr', '\n');
    expect(block.partial()).toMatchObject({ stream: 'stdout' });
    block.end();
    expect(block.partial()).toBeUndefined();
  });
});
