import { stopServerBody } from '../../../api/extension/adopted.ts';
import type { Handler } from '../context.ts';
import { readBody } from '../read-body.ts';

export const retrieveServer: Handler = (service, call) => call.json(service.server);

export const stopServer: Handler = async (service, call) => {
  const { keep_shells } = await readBody(call, stopServerBody);
  const stop = keep_shells === true ? () => service.leave() : () => service.stop();
  call.env.outgoing.once('close', stop);
  return call.json({});
};
