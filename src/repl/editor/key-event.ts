/** What came from the keyboard, whatever encoding the terminal sends it in. */
export type KeyEvent =
  | KeyPress
  /** Two or more printable characters that came in one read: fast typing, an input method, a paste without marks. */
  | { readonly type: 'text'; readonly text: string }
  /** Bracketed paste: line feeds only, no NUL. It never means Enter. */
  | { readonly type: 'paste'; readonly text: string }
  /** The terminal's window got or lost the focus. */
  | { readonly type: 'focus'; readonly focused: boolean }
  /** The terminal's answer to a query, or a sequence that is no key: never typed. Bytes as Latin-1. */
  | { readonly type: 'reply'; readonly raw: string };

export interface KeyPress {
  readonly type: 'key';
  /**
   * A character in lower case (`a`, `é`, `!`), or one of: space enter tab backspace escape up down left right home
   * end insert delete pageup pagedown begin f1 … f35. Ctrl-J is `j` with ctrl, not `enter`.
   */
  readonly name: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  /** For letters and named keys; `!` is its own name, without shift. */
  readonly shift: boolean;
  /** What the key types: there for printable characters without ctrl and alt. */
  readonly text?: string;
}
