import type { ExecutionDetailView } from '../../../api/execution.ts';
import {
  downloadFileBody,
  MAX_WRITE_BODY_BYTES,
  readFileContentsBody,
  UPLOAD_FILE_FIELD,
  UPLOAD_PATH_FIELD,
  writeFileContentsBody,
} from '../../../api/file.ts';
import type { Devbox } from '../../model/devbox/devbox.ts';
import type { OpenFile, ReceivedFile } from '../../model/devbox/devbox-files.ts';
import { Refusal } from '../../model/refusal.ts';
import { BodyWriter } from '../body-writer.ts';
import { type Call, devboxOf, type Handler } from '../context.ts';
import { live } from '../live.ts';
import { readBody } from '../read-body.ts';
import { readForm } from '../read-form.ts';

const CHUNK_BYTES = 256 * 1024;

export const readFileContents: Handler = async (service, call) => {
  const devbox = usableDevbox(service, call);
  const { file_path } = await readBody(call, readFileContentsBody);
  return sendFile(call, await devbox.files.open(file_path), 'text/plain; charset=utf-8');
};

export const downloadFile: Handler = async (service, call) => {
  const devbox = usableDevbox(service, call);
  const { path } = await readBody(call, downloadFileBody);
  return sendFile(call, await devbox.files.open(path), 'application/octet-stream');
};

export const writeFileContents: Handler = async (service, call) => {
  const devbox = usableDevbox(service, call);
  const { file_path, contents } = await readBody(call, writeFileContentsBody, {
    maxBytes: MAX_WRITE_BODY_BYTES,
    instead: 'Send larger files with upload_file.',
  });
  await place(devbox, await devbox.files.receive(contents), file_path);
  // What the service answers it with: as if a command had written it.
  return call.json({
    devbox_id: devbox.id,
    exit_status: 0,
    stdout: '',
    stderr: '',
  } satisfies ExecutionDetailView);
};

export const uploadFile: Handler = async (service, call) => {
  const devbox = usableDevbox(service, call);
  const { fields, file } = await readForm(call.env.incoming, UPLOAD_FILE_FIELD, (content) =>
    devbox.files.receive(content),
  );
  try {
    const path = fields.get(UPLOAD_PATH_FIELD);
    if (path === undefined || file === undefined) {
      const missing = path === undefined ? UPLOAD_PATH_FIELD : UPLOAD_FILE_FIELD;
      throw new Refusal(400, 'body_invalid', `The form has no ${missing}. It takes a path and a file.`);
    }
    await place(devbox, file, path);
  } finally {
    await file?.discard();
  }
  return call.json({});
};

async function place(devbox: Devbox, file: ReceivedFile, path: string): Promise<void> {
  try {
    // It may have been suspended, or be gone with its home, since the file began to come.
    devbox.life.refuseUnlessRunning();
    devbox.life.used();
    await file.place(path);
  } finally {
    await file.discard();
  }
}

/** @throws Refusal `devbox_not_found`, `devbox_not_running` */
function usableDevbox(...[service, call]: Parameters<Handler>): Devbox {
  const devbox = devboxOf(service, call);
  devbox.life.refuseUnlessRunning();
  devbox.life.used();
  return devbox;
}

function sendFile(call: Call, file: OpenFile, type: string): Response {
  const { outgoing } = call.env;
  // What says that it has no bytes may have some: a file of /proc is read to its end.
  const length = file.size === 0 ? {} : { 'content-length': String(file.size) };
  const body = new BodyWriter(outgoing, { 'content-type': type, ...length });
  return live(call, body, async () => {
    try {
      await sendBytes(file, body);
    } finally {
      await file.handle.close();
    }
  });
}

async function sendBytes({ handle, size }: OpenFile, body: BodyWriter): Promise<void> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const end = size === 0 ? Number.POSITIVE_INFINITY : size;
  let at = 0;
  while (at < end && !body.gone.aborted) {
    const length = Math.min(buffer.length, end - at);
    const { bytesRead } = await handle.read(buffer, 0, length, size === 0 ? null : at);
    if (bytesRead === 0) break;
    at += bytesRead;
    await body.send(buffer.subarray(0, bytesRead));
  }
  // It became shorter while it was read: what was sent is not the whole that was promised.
  if (size > 0 && at < size) body.cut();
  else body.end();
}
