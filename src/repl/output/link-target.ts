/** The longest OSC 8 payload that is looked at; longer ones are no links for people. */
export const MAX_LINK_LENGTH = 4096;
const MAX_SHOWN = 200;

/**
 * What is printed after the text of an OSC 8 link: ` <https://host/path>`, so that the text cannot lie about where
 * it leads. Only http and https; user and password are taken out (`https://bank.example@evil.example`), and the
 * host comes in its ASCII form.
 *
 * @param payload the OSC string, `8;parameters;address`.
 * @returns '' for the end of a link and for what is not to be shown; undefined when it is no OSC 8 at all.
 */
export function linkTarget(payload: string): string | undefined {
  const match = /^8;[^;]*;(.*)$/s.exec(payload);
  if (match === null) return undefined;
  const address = match[1] ?? '';
  if (!/^https?:/i.test(address) || !URL.canParse(address)) return '';
  const url = new URL(address);
  url.username = '';
  url.password = '';
  // A URL's serialisation is ASCII without controls, save the fragment and query of some inputs: hold it to that.
  const shown = url.href.replace(/[^\x21-\x7e]/gu, encodeURIComponent);
  return ` <${shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}…` : shown}>`;
}
