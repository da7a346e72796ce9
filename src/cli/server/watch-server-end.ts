import { once } from 'node:events';
import net from 'node:net';
import { routes } from '../../api/routes.ts';

/**
 * Opens a connection to the server and returns when the server, having stopped, ends it. A request is sent so that
 * the connection counts as idle, which the server closes, and not as one whose request is still to come.
 *
 * @returns once connected; the inner promise resolves at the end
 */
export async function watchServerEnd(socketPath: string): Promise<{ ended: Promise<unknown> }> {
  const socket = net.connect(socketPath);
  await once(socket, 'connect');
  // However it ends, it has ended.
  socket.on('error', () => undefined);
  const ended = new Promise((resolve) => socket.once('close', resolve));
  socket.write(`GET ${routes.server()} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  await once(socket, 'data');
  socket.resume();
  return { ended };
}
