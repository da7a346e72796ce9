import { describe, expect, it } from 'vitest';
import { OffsetReading } from '../../src/sdk/output/offset-reading.ts';

describe('OffsetReading', () => {
  it('takes the offset as the start of a chunk when the first one says 0', () => {
    const reading = new OffsetReading();
    expect(reading.startOf(0, 5, 0)).toBe(0);
    expect(reading.startOf(5, 3, 5)).toBe(5);
  });

  it('takes it as the end when the first one says its own length', () => {
    const reading = new OffsetReading();
    expect(reading.startOf(5, 5, 0)).toBe(0);
    expect(reading.startOf(8, 3, 5)).toBe(5);
  });

  it('keeps what it learned over later connections', () => {
    const reading = new OffsetReading();
    reading.startOf(5, 5, 0);
    expect(reading.startOf(20, 10, 10)).toBe(10);
  });

  it('goes by the count when there is no offset', () => {
    expect(new OffsetReading().startOf(undefined, 4, 17)).toBe(17);
  });
});
