const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Takes what was typed before nsh read the terminal, at its start or while another program had it. Its Enter keys came as line feeds, for the terminal was not in raw
 * mode yet: they are made what Enter is from then on. Leaves the terminal in raw mode and stdin paused.
 *
 * @returns what was typed, to be put back with `stdin.unshift` for whoever reads next
 */
export async function takeTypeAhead(stdin: NodeJS.ReadStream): Promise<Buffer> {
  const typed: Buffer[] = [];
  const read = (bytes: Buffer) => void typed.push(bytes);
  stdin.setRawMode(true);
  stdin.on('data', read).resume();
  // What waits to be read is read within a turn of the event loop.
  await turn();
  await turn();
  stdin.off('data', read).pause();
  return Buffer.concat(typed).map((byte) => (byte === LINE_FEED ? CARRIAGE_RETURN : byte)) as Buffer;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
