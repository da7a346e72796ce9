import type { Handler } from '../context.ts';

export const retrieveServer: Handler = (service, call) => call.json(service.server);

export const stopServer: Handler = (service, call) => {
  call.env.outgoing.once('close', () => service.stop());
  return call.json({});
};
