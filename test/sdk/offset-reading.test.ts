import { describe, expect, it } from 'vitest';
import { OffsetReading } from '../../src/sdk/output/offset-reading.ts';

describe('OffsetReading', () => {
  it.each([
    ['the start', [0, 5, 8]],
    ['the end', [5, 8, 18]],
    ['the last byte', [4, 7, 17]],
  ])('finds out that the offset is %s of a chunk', (_name, offsets) => {
    const reading = new OffsetReading();
    const lengths = [5, 3, 10];
    let expected = 0;
    for (const [index, length] of lengths.entries()) {
      expect(reading.startOf(offsets[index], length, expected)).toBe(expected);
      expected += length;
    }
  });

  it('does not settle on a chunk of one byte, which can be read both ways', () => {
    const last = new OffsetReading();
    expect(last.startOf(0, 1, 0)).toBe(0);
    expect(last.startOf(4, 4, 1)).toBe(1);
    const start = new OffsetReading();
    expect(start.startOf(0, 1, 0)).toBe(0);
    expect(start.startOf(1, 4, 1)).toBe(1);
    expect(start.startOf(5, 4, 5)).toBe(5);
  });

  it('keeps what it learned over later connections', () => {
    const reading = new OffsetReading();
    reading.startOf(5, 5, 0);
    expect(reading.startOf(20, 10, 10)).toBe(10);
    expect(reading.startOf(30, 4, 20)).toBe(26);
  });

  it('goes by the count when there is no offset', () => {
    expect(new OffsetReading().startOf(undefined, 4, 17)).toBe(17);
  });

  describe('asked to go on', () => {
    const position = { next: 20, tail: 'wölf €' };

    it('begins at a character of one byte, until it is known how that is taken', () => {
      const reading = new OffsetReading();
      reading.startOf(0, 20, 0);
      // Before the blank: what follows it is 3 bytes long.
      expect(reading.resumeAt(position)).toBe(16);
      expect(reading.resumeAt({ next: 20, tail: '€€' })).toBe(20);
    });

    it('asks for what is needed where the byte asked for comes', () => {
      const reading = new OffsetReading();
      reading.startOf(0, 20, 0);
      reading.firstStart(16, 4, 16);
      expect(reading.resumeAt(position)).toBe(20);
    });

    it('asks one byte earlier where it is left out', () => {
      const reading = new OffsetReading();
      reading.startOf(0, 20, 0);
      reading.firstStart(17, 3, 16);
      expect(reading.resumeAt(position)).toBe(19);
    });

    it('asks again, a byte earlier, where it had to ask for what is needed and that is missing', () => {
      const reading = new OffsetReading();
      const nothingToBeginAt = { next: 20, tail: '€€' };
      reading.startOf(0, 20, 0);
      expect(reading.resumeAt(nothingToBeginAt)).toBe(20);
      expect(reading.firstStart(23, 4, 20)).toBe(23);
      expect(reading.beganLate(5)).toBe(false);
      expect(reading.beganLate(3)).toBe(true);
      expect(reading.resumeAt(nothingToBeginAt)).toBe(19);
      // It is missing there too: it is gone.
      expect(reading.beganLate(3)).toBe(false);
    });

    it('asks for what is needed where events have no offset', () => {
      expect(new OffsetReading().resumeAt(position)).toBe(20);
    });
  });
});
