/** The longest parameter text of an SGR sequence that passes; a real one stays below 64 characters. */
export const MAX_SGR_LENGTH = 128;

/** Sequences met lately. Programs use few, and parsing each one anew would be most of the cost of coloured output. */
const known = new Map<string, string>();
const KNOWN_MAX = 1024;

/**
 * The SGR sequence that may go to the terminal for these parameters (`1;31`), or '' when nothing of it may.
 *
 * Rebuilt from an allow-list of styles and colours instead of passed on, because terminals disagree about what is
 * malformed: after `38;8` some skip the 38 and conceal the text with the 8. Left out: conceal (8) and reveal, fonts
 * (10-20: on the Linux console 11 shows control characters raw), values over 255, whatever follows a broken colour.
 *
 * Colon forms get a sequence of their own, and an underline colour always the colon form: a terminal that does not
 * know them ignores that sequence alone, where `58;5;8` would be read as blink and conceal.
 *
 * @param parameters what stands between `ESC [` and `m`: digits, semicolons and colons only.
 */
export function safeSgr(parameters: string): string {
  const cached = known.get(parameters);
  if (cached !== undefined) return cached;
  const safe = sgrSequence(safeFields(parameters));
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(parameters, safe);
  return safe;
}

/** The sequences that set these fields in their order, each field a code or a whole colour (`38;5;1`, `4:3`). */
export function sgrSequence(fields: readonly string[]): string {
  let sequence = '';
  let open = false;
  for (const field of fields) {
    const alone = field.includes(':');
    if (open && !alone) sequence += `;${field}`;
    else sequence += `${open ? 'm' : ''}\x1b[${field}`;
    if (alone) sequence += 'm';
    open = !alone;
  }
  return open ? `${sequence}m` : sequence;
}

/** The allowed fields of an SGR sequence in their order, colours whole and in one spelling each. */
export function safeFields(parameters: string): string[] {
  const fields = parameters.split(';');
  const safe: string[] = [];
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] ?? '';
    if (field.includes(':')) {
      const style = colonField(field);
      if (style !== undefined) safe.push(style);
      continue;
    }
    const code = Number(field);
    if (code === 38 || code === 48 || code === 58) {
      const length = fields[index + 1] === '5' ? 2 : 4;
      const colour = colourField(code, fields.slice(index + 1, index + 1 + length));
      if (colour === undefined) break;
      safe.push(colour);
      index += length;
    } else if (isStyle(code)) {
      safe.push(String(code));
    }
  }
  return safe;
}

function isStyle(code: number): boolean {
  return (
    (code >= 0 && code <= 7) ||
    code === 9 ||
    (code >= 21 && code <= 25) ||
    code === 27 ||
    code === 29 ||
    (code >= 30 && code <= 49) ||
    code === 53 ||
    code === 55 ||
    code === 59 ||
    (code >= 73 && code <= 75) ||
    (code >= 90 && code <= 97) ||
    (code >= 100 && code <= 107)
  );
}

/** `4:3` and the colon colours `38:5:n`, `38:2:r:g:b`, `38:2:<colour space>:r:g:b` with tolerances after it. */
function colonField(field: string): string | undefined {
  const [head, kind, ...rest] = field.split(':');
  const code = Number(head);
  if (code === 4) return /^[0-5]$/.test(kind ?? '') && rest.length === 0 ? `4:${kind}` : undefined;
  if (code !== 38 && code !== 48 && code !== 58) return undefined;
  if (kind === '5') return rest.length === 1 ? colourField(code, ['5', ...rest]) : undefined;
  if (kind !== '2') return undefined;
  if (rest.length === 3) return colourField(code, ['2', ...rest]);
  return rest.length > 3 ? colourField(code, ['2', ...rest.slice(1, 4)]) : undefined;
}

/** @param operands `5` and an index, or `2` and red, green, blue; anything else is refused. */
function colourField(code: 38 | 48 | 58, operands: readonly string[]): string | undefined {
  const [kind, ...values] = operands;
  if (values.length !== (kind === '5' ? 1 : kind === '2' ? 3 : 0) || values.length === 0) return undefined;
  const numbers = values.map(Number);
  if (values.some((value) => value.includes(':')) || numbers.some((number) => number > 255)) return undefined;
  if (code === 58) return `58:${kind}:${kind === '2' ? ':' : ''}${numbers.join(':')}`;
  return `${code};${kind};${numbers.join(';')}`;
}
