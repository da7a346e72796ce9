/** As often as Ink draws, ms. */
const FRAME_MS = 1000 / 60;

type Subscribe = (listener: () => void) => () => void;

/**
 * Hands changes on at the pace of the screen: the first at once, those that follow it closely together. Each costs
 * React a tree, also when Ink draws none of it, and a burst of commands has thousands.
 */
export function paced(subscribe: Subscribe): Subscribe {
  return (listener) => {
    let timer: NodeJS.Timeout | undefined;
    let last = Number.NEGATIVE_INFINITY;
    const tell = () => {
      timer = undefined;
      last = performance.now();
      listener();
    };
    const unsubscribe = subscribe(() => {
      if (timer !== undefined) return;
      const wait = last + FRAME_MS - performance.now();
      if (wait <= 0) tell();
      else timer = setTimeout(tell, wait);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  };
}
