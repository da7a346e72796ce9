import { andThen, print, type Step, step } from './step.ts';

const HINT = 'Enter sends the lines as one command, Ctrl-X Enter each as a command of its own.';

/** Several lines were pasted: said once, because both are what people may want. */
export function hintAtLines(pasted: Step, text: string): Step {
  if (!/\n./s.test(text.replaceAll('\r', '\n')) || pasted.state.hinted.includes(HINT)) return pasted;
  return andThen(pasted, (at) => step({ ...at, hinted: [...at.hinted, HINT] }, print(HINT, 'dim')));
}
