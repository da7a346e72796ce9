import {
  CONTROLS,
  CONTROLS_BUT_LINE_EDITS,
  isTag,
  MISLEADING,
  visibleControl,
} from './control-characters.ts';
import { linkTarget, MAX_LINK_LENGTH } from './link-target.ts';
import { MAX_SGR_LENGTH, safeSgr } from './safe-sgr.ts';

export interface SanitiserOptions {
  /** What is dropped by default is shown as `^[`, `^G`, `<U+009B>` with the text behind it. Default false. */
  readonly showControls?: boolean;
  /** An http(s) link is followed by its address, ` <https://host/path>`. Default false: only its text stays. */
  readonly links?: boolean;
  /** false takes out colours and styles too. Default true. */
  readonly colour?: boolean;
  /** Lets `\r`, `\b`, `CSI K` and `CSI G` through, for the line assembler that emulates them. Default false. */
  readonly lineEdits?: boolean;
}

/**
 * Lets text, `\n`, `\t` and rebuilt SGR sequences through and nothing else: an allow-list, because what a sequence
 * can do (write the clipboard, type an answer into the prompt, wipe the scrollback) is the terminal's choice.
 * Input may be cut anywhere, also inside a sequence or a surrogate pair: the cuts do not change what comes out.
 */
export interface Sanitiser {
  /** Takes the next decoded text and gives what of it is safe; a sequence comes out whole or not at all. */
  write(text: string): string;
  /** What was still held back; the sanitiser is as new afterwards. An unfinished sequence is dropped. */
  end(): string;
  reset(): void;
}

/** The longest CSI sequence, in characters; what follows is text again, so that a lone `ESC [` swallows little. */
const MAX_CSI_LENGTH = 256;
/**
 * The longest OSC, DCS, APC, PM or SOS string, in characters: an inline image comes as one, often without a
 * newline, and printed as text it would be screens of base64. Skipping costs no memory.
 */
export const MAX_STRING_LENGTH = 1024 * 1024;

const ESC = 0x1b;
/** `k` starts a title in screen and tmux, ended as the others are. */
const STRING_STARTS = 'PX]^_k';
const C1_STRING_STARTS = new Map([
  [0x90, 'P'],
  [0x98, 'X'],
  [0x9d, ']'],
  [0x9e, '^'],
  [0x9f, '_'],
]);

type State = 'ground' | 'escape' | 'csi' | 'string';

export function createSanitiser(options: SanitiserOptions = {}): Sanitiser {
  const { showControls = false, links = false, colour = true, lineEdits = false } = options;
  const special = new RegExp(`[${lineEdits ? CONTROLS_BUT_LINE_EDITS : CONTROLS}${MISLEADING}]`, 'g');
  const stringEnd = /[\x07\x18\x1a\x1b\n\x80-\x9f]/g;
  let state: State = 'ground';
  /** The unfinished sequence's introducer as it would be shown, and its characters after that. */
  let introducer = '';
  let sequence = '';
  /** Characters of the unfinished string; its text is kept only when it may be a link. */
  let swallowed = 0;
  let payload: string | undefined;
  let link = '';
  /** The first half of a surrogate pair whose other half may come with the next text. */
  let held = '';

  function begin(next: State, shown: string): void {
    state = next;
    introducer = shown;
    sequence = '';
  }

  /** Leaves an unfinished or refused sequence. */
  function refuse(final = ''): string {
    state = 'ground';
    return showControls ? introducer + sequence + final : '';
  }

  function startString(kind: string, shown: string): string {
    begin('string', shown);
    // Shown, a string is text like any other: its end is a control character that is shown in its turn.
    if (showControls) return refuse();
    swallowed = 0;
    payload = links && kind === ']' ? '' : undefined;
    return '';
  }

  function takeLink(): string {
    const target = payload === undefined ? undefined : linkTarget(payload);
    if (target === undefined) return '';
    const shown = link;
    link = target;
    return shown;
  }

  function finishCsi(final: string): string {
    if (final === 'm' && sequence.length <= MAX_SGR_LENGTH && /^[\d;:]*$/.test(sequence)) {
      state = 'ground';
      return colour ? safeSgr(sequence) : '';
    }
    if (!lineEdits || !/^(?:[012]?K|\d{0,4}G)$/.test(sequence + final)) return refuse(final);
    state = 'ground';
    return `\x1b[${sequence}${final}`;
  }

  /** One character of a sequence; undefined when it ends the sequence and is to be read again outside it. */
  function inSequence(code: number, char: string): string | undefined {
    if (code === 0x0a || code === ESC || code >= 0x80) return undefined;
    if (code === 0x18 || code === 0x1a) {
      return refuse() + (showControls ? visibleControl(code) : '');
    }
    if (code < 0x20 || code === 0x7f) {
      // A terminal acts on these in the middle of a sequence; shown, they make it one that is refused as a whole.
      if (showControls && sequence.length < MAX_CSI_LENGTH) sequence += visibleControl(code);
      return '';
    }
    if (state === 'escape') {
      if (sequence === '' && char === '[') {
        begin('csi', `${introducer}[`);
        return '';
      }
      if (sequence === '' && STRING_STARTS.includes(char)) return startString(char, introducer + char);
      if (code >= 0x30) return refuse(char);
    } else if (code >= 0x40) {
      return finishCsi(char);
    }
    if (sequence.length >= MAX_CSI_LENGTH) return undefined;
    sequence += char;
    return '';
  }

  function control(code: number): string {
    const shown = showControls ? visibleControl(code) : '';
    if (code === ESC) begin('escape', '^[');
    else if (code === 0x9b) begin('csi', '<U+009B>');
    else if (C1_STRING_STARTS.has(code)) return startString(C1_STRING_STARTS.get(code) ?? '', shown);
    else return shown;
    return '';
  }

  function readGround(text: string, from: number): [out: string, next: number] {
    let out = '';
    let at = from;
    while (at < text.length) {
      special.lastIndex = at;
      if (!special.test(text)) return [at === 0 ? text : out + text.slice(at), text.length];
      const index = special.lastIndex - 1;
      if (index > at) out += text.slice(at, index);
      const code = text.charCodeAt(index);
      at = index + 1;
      if (code === ESC) {
        // A whole SGR sequence, the one that coloured output is full of, does not go through the states.
        const end = text.charCodeAt(at) === 0x5b ? sgrEnd(text, at + 1) : -1;
        if (end === -1) {
          begin('escape', '^[');
          return [out, at];
        }
        if (colour) out += safeSgr(text.slice(at + 1, end));
        at = end + 1;
      } else if (code < 0xa0) {
        out += control(code);
        if (state !== 'ground') return [out, at];
      } else if (code === 0xdb40) {
        const codePoint = text.codePointAt(index) ?? 0;
        at = index + 2;
        out += isTag(codePoint) ? visibleControl(codePoint) : text.slice(index, at);
      } else {
        out += visibleControl(code);
      }
    }
    return [out, at];
  }

  function readSequence(text: string, from: number): [out: string, next: number] {
    let out = '';
    let at = from;
    while (at < text.length && (state === 'escape' || state === 'csi')) {
      const shown = inSequence(text.charCodeAt(at), text.charAt(at));
      if (shown === undefined) return [out + refuse(), at];
      out += shown;
      at++;
    }
    return [out, at];
  }

  function readString(text: string, from: number): [out: string, next: number] {
    stringEnd.lastIndex = from;
    const index = stringEnd.test(text) ? stringEnd.lastIndex - 1 : text.length;
    const room = MAX_STRING_LENGTH - swallowed;
    const end = Math.min(index, from + room);
    swallowed += end - from;
    if (payload !== undefined) {
      payload = payload.length + end - from > MAX_LINK_LENGTH ? undefined : payload + text.slice(from, end);
    }
    if (end < index || index === text.length) {
      if (swallowed >= MAX_STRING_LENGTH) state = 'ground';
      return ['', end];
    }
    state = 'ground';
    const code = text.charCodeAt(index);
    // Newline, ESC and the other C1 controls end the string and keep their own meaning.
    const consumed = code === 0x07 || code === 0x18 || code === 0x1a || code === 0x9c;
    const whole = code === 0x07 || code === ESC || code === 0x9c;
    return [whole ? takeLink() : '', consumed ? index + 1 : index];
  }

  function write(chunk: string): string {
    if (chunk === '') return '';
    let text = (held + chunk).toWellFormed();
    held = '';
    const last = chunk.charCodeAt(chunk.length - 1);
    if (last >= 0xd800 && last <= 0xdbff) {
      held = chunk.slice(-1);
      text = text.slice(0, -1);
    }
    let out = '';
    let at = 0;
    while (at < text.length) {
      const read = state === 'ground' ? readGround : state === 'string' ? readString : readSequence;
      const [safe, next] = read(text, at);
      out += safe;
      at = next;
    }
    return out;
  }

  function reset(): void {
    state = 'ground';
    link = '';
    held = '';
  }

  return {
    write,
    end() {
      const rest = held === '' ? '' : '\ufffd';
      held = '';
      const out = write(rest) + (state === 'ground' ? '' : refuse()) + link;
      reset();
      return out;
    },
    reset,
  };
}

/** The index of the `m` that ends the SGR sequence whose parameters start at `from`, -1 when it is anything else. */
function sgrEnd(text: string, from: number): number {
  let at = from;
  let code = text.charCodeAt(at);
  while (code >= 0x30 && code <= 0x3b) code = text.charCodeAt(++at);
  return code === 0x6d && at - from <= MAX_SGR_LENGTH ? at : -1;
}
