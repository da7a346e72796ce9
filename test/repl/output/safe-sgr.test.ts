import { describe, expect, it } from 'vitest';
import { safeSgr } from '../../../src/repl/output/safe-sgr.ts';

const ESC = '\x1b[';

describe('safeSgr', () => {
  it.each([
    ['', `${ESC}0m`],
    ['0', `${ESC}0m`],
    ['1;31', `${ESC}1;31m`],
    ['01;034', `${ESC}1;34m`],
    [';31', `${ESC}0;31m`],
    ['97;107', `${ESC}97;107m`],
    ['38;5;8', `${ESC}38;5;8m`],
    ['48;2;8;8;8;1', `${ESC}48;2;8;8;8;1m`],
    ['38:5:8', `${ESC}38;5;8m`],
    ['38:2:1:2:3', `${ESC}38;2;1;2;3m`],
    ['38:2::1:2:3', `${ESC}38;2;1;2;3m`],
    ['38:2:0:1:2:3:0:1', `${ESC}38;2;1;2;3m`],
    ['4:3;31', `${ESC}4:3m${ESC}31m`],
    ['58;5;8', `${ESC}58:5:8m`],
    ['58:2::1:2:3;0', `${ESC}58:2::1:2:3m${ESC}0m`],
    ['58;2;8;8;8', `${ESC}58:2::8:8:8m`],
  ])('passes %j as %j', (parameters, sequence) => {
    expect(safeSgr(parameters)).toBe(sequence);
  });

  it.each([
    ['8'],
    ['08'],
    ['28'],
    ['8:1'],
    ['11'],
    ['264'],
    ['65544'],
    ['4294967304'],
    ['38;8'],
    ['38;5'],
    ['38;5;256'],
    ['38;2;1;2'],
    ['38;2;1;2:8;3'],
    ['38:2:1:2:999'],
    ['38;3;8;8;8'],
    ['48;05;8'],
    ['4:9'],
    ['4:3:8'],
    ['31:8'],
    ['999999999999999999999999'],
  ])('lets nothing of %j through', (parameters) => {
    expect(safeSgr(parameters)).toBe('');
  });

  it('takes conceal out of the middle and stops at a broken colour', () => {
    expect(safeSgr('1;8;31')).toBe(`${ESC}1;31m`);
    expect(safeSgr('1;38;8;31')).toBe(`${ESC}1m`);
  });
});
