const STEP = 65_536;
const NEWLINE = 10;

/**
 * Where the last `lines` lines of the bytes `floor` to `end` begin. It looks backwards, so the end of a gigabyte is found
 * as fast as that of a kilobyte. A line break at the very end opens no new line.
 */
export async function lastLinesStart(
  lines: number,
  floor: number,
  end: number,
  read: (offset: number, length: number) => Promise<Uint8Array>,
): Promise<number> {
  if (lines <= 0) return end;
  let missing = lines;
  for (let to = end; to > floor; ) {
    const from = Math.max(floor, to - STEP);
    const bytes = await read(from, to - from);
    const last = to === end ? bytes.length - 2 : bytes.length - 1;
    // A negative second argument would count from the end.
    for (let at = last; at >= 0; at--) {
      at = bytes.lastIndexOf(NEWLINE, at);
      if (at < 0) break;
      if (--missing === 0) return from + at + 1;
    }
    to = from;
  }
  return floor;
}
