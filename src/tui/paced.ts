/** As often as Ink draws, ms. */
const FRAME_MS = 1000 / 60;
/** A key is seen on the screen within this, however slow the machine is, ms. */
const SLOWEST_MS = 100;
/** Of the time, so much at most goes into frames. */
const SHARE = 1 / 4;

type Subscribe = (listener: () => void) => () => void;

/**
 * Hands changes on at the pace of the screen: the first at once, those that follow it closely together. Each costs
 * React a tree, also when Ink draws none of it, and a burst of commands has thousands. Where a frame takes long, on a
 * busy machine, there are fewer, so that the commands get on.
 */
export function paced(subscribe: Subscribe): Subscribe {
  return (listener) => {
    let timer: NodeJS.Timeout | undefined;
    let next = Number.NEGATIVE_INFINITY;
    const tell = () => {
      timer = undefined;
      const began = performance.now();
      next = began + FRAME_MS;
      listener();
      // React renders before this, in a microtask.
      setImmediate(() => {
        const took = performance.now() - began;
        next = began + Math.min(SLOWEST_MS, Math.max(FRAME_MS, took / SHARE));
      });
    };
    const unsubscribe = subscribe(() => {
      if (timer !== undefined) return;
      const wait = next - performance.now();
      if (wait <= 0) tell();
      else timer = setTimeout(tell, wait);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  };
}
