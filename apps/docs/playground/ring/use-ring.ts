import { InputError, messageOf } from '@stillpoint/operators';
import { computed, onUnmounted, ref, shallowRef } from 'vue';
import { linearChart } from '../chart.js';
import { controlsOf, withOption, type Control } from '../controls.js';
import { useQuery } from '../use-query.js';
import type { FromWorker, ToWorker } from './messages.js';
import { isLookahead, ringChoices, ringMethod, ringRefusal, turnLookahead } from './methods.js';
import { MOST_SEED, MOST_STEPS, readRing, writeRing, type RingState } from './state.js';
import type { Frame } from './train.js';

/** The charts reach at least this many calls. */
const CHARTED = 2000;

/** What a run of training is doing. */
export type Status = 'idle' | 'loading' | 'running' | 'paused' | 'ended';

/** The state of the page of the ring GAN, and what its controls do. */
export function useRing() {
  const { state, messages, set, share, shared } = useQuery(readRing, writeRing);
  const refused = ref('');
  const status = ref<Status>('idle');
  const engine = ref('');
  const frame = shallowRef<Frame>();
  /** The quality at each frame, without its points. */
  const past = shallowRef<readonly Pick<Frame, 'calls' | 'quality'>[]>([]);

  let worker: Worker | undefined;
  const tell = (message: ToWorker): void => worker?.postMessage(message);
  function reset(): void {
    worker?.terminate();
    worker = undefined;
    status.value = 'idle';
    frame.value = undefined;
    past.value = [];
  }
  onUnmounted(reset);
  function fail(message: string): void {
    reset();
    refused.value = message;
  }
  function start(): void {
    reset();
    refused.value = '';
    status.value = 'loading';
    const own = new Worker(new URL('worker.ts', import.meta.url), { type: 'module' });
    worker = own;
    own.addEventListener('error', ({ message }) => fail(message || 'the worker could not be loaded'));
    own.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if (worker !== own) return; // sent before a reset
      if (data.kind === 'failed') return fail(data.message);
      if (data.kind === 'begun') engine.value = data.engine;
      if (status.value === 'loading') status.value = 'running';
      if (data.kind !== 'frame') return;
      const { calls, quality } = data.frame;
      frame.value = data.frame;
      past.value = [...past.value, { calls, quality }];
      if (data.frame.ended !== undefined) status.value = 'ended';
    });
    tell({ kind: 'start', state: state.value });
  }
  /** Starts, pauses or continues. */
  function toggle(): void {
    if (status.value === 'running' || status.value === 'loading') {
      tell({ kind: 'pause' });
      status.value = 'paused';
    } else if (status.value === 'paused') {
      tell({ kind: 'resume' });
      status.value = 'running';
    } else start();
  }

  /** Changes what is trained: a run under way is given up. */
  const change = (part: () => Partial<RingState>): void => {
    try {
      const changed = part();
      const reason = ringRefusal(changed.method ?? state.value.method);
      if (reason !== undefined) throw new InputError(reason);
      refused.value = '';
      set(changed);
      reset();
    } catch (error) {
      refused.value = messageOf(error);
    }
  };
  const menu = ringChoices();
  const setMethod = (text: string): void => change(() => ({ method: text }));
  const chooseMethod = (name: string): void => {
    const choice = menu.find((candidate) => candidate.name === name);
    if (choice?.spec === undefined) refused.value = choice?.reason ?? '';
    else setMethod(choice.spec);
  };
  const setOption = (control: Control, value: string): void =>
    change(() => ({ method: withOption(state.value.method, control, value) }));
  const setNumber = (key: 'seed' | 'steps', x: number): void =>
    change(() => {
      const [from, to] = key === 'seed' ? [0, MOST_SEED] : [1, MOST_STEPS];
      if (!(Number.isInteger(x) && x >= from && x <= to))
        throw new InputError(`${key} is ${x}; expected a whole number from ${from} to ${to}`);
      return { [key]: x };
    });

  const reach = computed(() => Math.max(CHARTED, frame.value?.calls ?? 0));
  const charted = (most: number, value: (quality: Frame['quality']) => number) =>
    computed(() =>
      linearChart(
        [past.value.map(({ calls, quality }) => [calls, value(quality)] as const)],
        reach.value,
        most,
      ),
    );
  return {
    state,
    messages,
    share,
    shared,
    refused,
    status,
    engine,
    frame,
    menu,
    controls: computed(() => controlsOf(ringMethod(state.value.method))),
    lookahead: computed(() => isLookahead(state.value.method)),
    turn: () => change(() => ({ method: turnLookahead(state.value.method) })),
    toggle,
    reset,
    setMethod,
    chooseMethod,
    setOption,
    setNumber,
    modes: charted(8, ({ modes }) => modes),
    share100: charted(100, ({ highQuality }) => 100 * highQuality),
  };
}
