import { request } from 'undici';

/** The least that reading such a stream can cost: no reconnect, no check, no callback. */
export async function drain(url: string): Promise<number> {
  const { body } = await request(url, { headers: { accept: 'text/event-stream' } });
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n', start)) {
      length += JSON.parse(text.slice(start + 'data: '.length, end)).output.length;
      start = end + 2;
    }
    text = text.slice(start);
  }
  return length;
}
