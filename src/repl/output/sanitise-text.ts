import { isTag, MISLEADING, visibleControl } from './control-characters.ts';

// A half of a surrogate pair can only follow `\udb40`, the last of the misleading ones: the text is well-formed.
const ONE_LINE = new RegExp(`\\r?\\n|[\\x00-\\x1f\\x7f-\\x9f${MISLEADING}][\\udc00-\\udfff]?`, 'g');
const MULTILINE = new RegExp(
  `\\r\\n|[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f${MISLEADING}][\\udc00-\\udfff]?`,
  'g',
);

/**
 * A string from outside (a command, a title, a path, an error message) as text that is safe to print and shows what
 * it really holds: every control character as `^X` or `<U+XXXX>`, no colours, a newline as `⏎`.
 *
 * @param options.multiline newlines (`\r\n` too) and tabs stay.
 */
export function sanitiseText(text: string, options: { readonly multiline?: boolean } = {}): string {
  const pattern = options.multiline ? MULTILINE : ONE_LINE;
  return text.toWellFormed().replace(pattern, (match) => {
    if (match.endsWith('\n')) return options.multiline ? '\n' : '⏎';
    const codePoint = match.codePointAt(0) ?? 0;
    return codePoint > 0xffff && !isTag(codePoint) ? match : visibleControl(codePoint);
  });
}
