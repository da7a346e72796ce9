import { z } from 'zod';

/** Files of a devbox on the wire. Source: the official client's `resources/devboxes/devboxes` types. */

/** Paths are relative to the user's home, or absolute. */
export const readFileContentsBody = z.object({ file_path: z.string() });
export const writeFileContentsBody = z.object({ file_path: z.string(), contents: z.string() });
export const downloadFileBody = z.object({ path: z.string() });

/** Names of the parts of the form that `upload_file` takes. */
export const UPLOAD_PATH_FIELD = 'path';
export const UPLOAD_FILE_FIELD = 'file';

/** Longest JSON body of `write_file_contents`, bytes: larger files are documented to go through `upload_file`. */
export const MAX_WRITE_BODY_BYTES = 128 * 1024 * 1024;
