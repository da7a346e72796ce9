import type http from 'node:http';
import type { RequestFault } from './faults.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Answers as the fault says; without one, properly. */
export function answerWith(
  response: http.ServerResponse,
  answer: Answer,
  fault: RequestFault | undefined,
): void {
  const json = JSON.stringify(answer.body);
  const half = json.slice(0, Math.ceil(json.length / 2));
  switch (fault?.kind) {
    case undefined:
      send(response, answer.status, json);
      break;
    case 'stall':
      break;
    case 'drop before the body':
    case 'drop after the body':
      response.destroy();
      break;
    case '408':
      send(response, 408, '{"message":"the time is over"}');
      break;
    case '429':
      send(response, 429, '{"message":"slow down"}', { 'retry-after-ms': '1' });
      break;
    case '502 page':
      send(response, 502, PAGE, { 'content-type': 'text/html' });
      break;
    case '200 page':
      send(response, 200, PAGE, { 'content-type': 'text/html' });
      break;
    case 'half an answer, then a clean end':
      send(response, answer.status, half);
      break;
    case 'half an answer, then cut':
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.write(half, () => response.destroy());
      break;
  }
}

const PAGE = '<html><body><h1>Bad gateway</h1></body></html>';

function send(
  response: http.ServerResponse,
  status: number,
  body: string,
  headers: http.OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}
