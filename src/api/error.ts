import { z } from 'zod';

/** The JSON body of every answer that is not 2xx. Only `message` is the service's; the rest are our server's. */
export const errorBody = z.looseObject({
  message: z.string(),
  /** Extension: a stable word for programs, such as `shell_name_invalid`. */
  code: z.string().optional(),
});
export type ErrorBody = z.infer<typeof errorBody>;
