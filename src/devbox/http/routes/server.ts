import { stopServerBody } from '../../../api/extension/adopted.ts';
import { Refusal } from '../../model/refusal.ts';
import type { Handler } from '../context.ts';
import { readBody } from '../read-body.ts';

export const retrieveServer: Handler = (service, call) => call.json(service.server);

export const stopServer: Handler = async (service, call) => {
  const { keep_shells } = await readBody(call, stopServerBody);
  const stop = keep_shells === true ? service.leave : service.stop;
  if (stop === undefined) {
    throw new Refusal(
      409,
      'not_offered',
      'The shells of this devbox end with its process, so they cannot be left to another. Stop it without keep_shells to end them.',
    );
  }
  call.env.outgoing.once('close', stop);
  return call.json({});
};
