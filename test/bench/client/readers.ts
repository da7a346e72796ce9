import { RunloopSDK } from '@runloop/api-client';
import { DevboxClient } from '../../../src/index.ts';
import { drain } from './floor.ts';

/** Reads the output of the command to its end; gives the characters received. */
export interface Reader {
  read(command: string): Promise<number>;
  close(): Promise<void>;
}

const bearerToken = 'bench';

/** What the clients have in common. */
interface Commands {
  execAsync(
    command: string,
    callbacks: { stdout(chunk: string): void },
  ): Promise<{ result(): Promise<unknown> }>;
}

async function countCharacters(commands: Commands, command: string): Promise<number> {
  let length = 0;
  const stdout = (chunk: string) => {
    length += chunk.length;
  };
  await (await commands.execAsync(command, { stdout })).result();
  return length;
}

/** Each as its users have it: a command launched with a callback for stdout. */
export const READERS = {
  ours(baseURL: string): Reader {
    const client = new DevboxClient({ baseURL, bearerToken });
    const { cmd } = client.devbox.fromId('d');
    return { read: (command) => countCharacters(cmd, command), close: () => client.close() };
  },
  official(baseURL: string): Reader {
    const { cmd } = new RunloopSDK({ baseURL, bearerToken, http2: false }).devbox.fromId('d');
    return { read: (command) => countCharacters(cmd, command), async close() {} };
  },
  floor(baseURL: string): Reader {
    return {
      read: (command) =>
        drain(`${baseURL}/v1/devboxes/d/executions/${encodeURIComponent(command)}/stream_stdout_updates`),
      async close() {},
    };
  },
} satisfies Record<string, (baseURL: string) => Reader>;

export type ReaderName = keyof typeof READERS;

export function isReader(name: string | undefined): name is ReaderName {
  return name !== undefined && Object.hasOwn(READERS, name);
}
