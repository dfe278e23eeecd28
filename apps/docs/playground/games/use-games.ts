import { InputError, messageOf, parseSpec } from '@stillpoint/operators';
import { computed, onUnmounted, ref, shallowRef, watch } from 'vue';
import { logChart } from '../chart.js';
import { controlsOf, withOption, type Control } from '../controls.js';
import { useQuery } from '../use-query.js';
import { choices, methodOn, refusal } from './methods.js';
import {
  field,
  outlineOf,
  planarGame,
  planarRow,
  shading,
  solutionOf,
  startOfGame,
  viewOf,
} from './plane.js';
import { recorder, type Made, type Point, type Recorder } from './recorder.js';
import { nextStep, rounded, seriesOf, shownAt } from './shown.js';
import { MOST_CALLS, MOST_METHODS, MOST_ZOOM, readGames, writeGames } from './state.js';

/** Cells of the plane in which an arrow is drawn, and cells that are shaded, along each side. */
const ARROWS = 15;
const SHADED = 160;
/** How far the slider of calls may reach. */
const RANGES = [200, 1000, MOST_CALLS];
/** The charts reach at least this many calls. */
const CHARTED = 20;

/** The state of the page of games, and what its controls do. */
export function useGames() {
  const { state, set, messages, share, shared } = useQuery(readGames, writeGames);
  /** An edit that the library refused, in its words. */
  const refused = ref('');
  const attempt = (change: () => void): void => {
    try {
      change();
      refused.value = '';
    } catch (error) {
      refused.value = messageOf(error);
    }
  };

  const spec = computed(() => state.value.game);
  const game = computed(() => planarGame(spec.value));
  const zoom = computed(() => state.value.zoom);
  const view = computed(() => viewOf(game.value, zoom.value));
  const arrows = computed(() => field(game.value, view.value, ARROWS));
  const shade = computed(() => state.value.shade);
  const shaded = computed(() => shading(game.value, view.value, shade.value, SHADED));
  const outline = computed(() => outlineOf(game.value));
  const menu = computed(() => choices(game.value));

  const specs = computed(() => state.value.methods.join('\n'));
  const start = computed(() => state.value.start.join(','));
  /** One run for each method, asked as far as was shown. */
  const recorders = shallowRef<readonly Recorder[]>([]);
  watch(
    [spec, specs, start],
    () => {
      recorders.value = state.value.methods.map((method) =>
        recorder(game.value, methodOn(game.value, method), state.value.start),
      );
    },
    { immediate: true, flush: 'sync' },
  );
  const controls = computed(() =>
    specs.value.split('\n').map((method) => controlsOf(methodOn(game.value, method))),
  );

  const runs = computed(() =>
    recorders.value.map((run, i) => {
      run.until(state.value.at);
      const shown = shownAt(run, state.value.at);
      const { at } = state.value;
      const ended = run.ended();
      return {
        spec: state.value.methods[i] ?? '',
        ...shown,
        track: run.steps.slice(0, shown.steps + 1).map(({ z }) => z),
        // a run that has ended ends where its questions do
        ended: ended !== undefined && shown.questions === run.questions.length ? ended : undefined,
        series: (value: (made: Made) => number | undefined) => seriesOf(run.steps, at, value),
      };
    }),
  );
  const reach = computed(() => Math.max(CHARTED, state.value.at));
  const residuals = computed(() =>
    logChart(
      runs.value.map(({ series }) => series(({ residual }) => residual)),
      reach.value,
    ),
  );
  const distances = computed(() =>
    solutionOf(game.value).length === 0
      ? undefined
      : logChart(
          runs.value.map(({ series }) => series(({ distance }) => distance)),
          reach.value,
        ),
  );

  /** How far the slider of calls reaches. It grows when the slider is let go of, so that it does not jump. */
  const range = ref(0);
  const fitRange = (): void => {
    range.value = RANGES.find((most) => most > state.value.at) ?? MOST_CALLS;
  };
  watch(
    () => state.value.at,
    (at) => {
      if (at > range.value) fitRange();
    },
    { immediate: true },
  );

  /** To the least of these numbers of calls, if there is one within the limit. */
  const goTo = (calls: readonly (number | undefined)[]): boolean => {
    const next = Math.min(...calls.map((call) => call ?? Infinity));
    if (!(next <= MOST_CALLS)) return false;
    set({ at: Number(next.toFixed(6)) });
    return true;
  };
  const nextCall = (): boolean => goTo(recorders.value.map((run) => run.next(state.value.at)));
  const step = (): boolean => goTo(recorders.value.map((run) => nextStep(run, state.value.at)));
  function back(): void {
    const before = recorders.value.map(
      (run) => run.questions.findLast(({ calls }) => calls < state.value.at - 1e-6)?.calls ?? 0,
    );
    set({ at: Number(Math.max(0, ...before).toFixed(6)) });
  }

  const playing = ref(false);
  /** Calls per second. */
  const speed = ref(4);
  let timer: ReturnType<typeof setInterval> | undefined;
  watch([playing, speed], () => {
    clearInterval(timer);
    if (!playing.value) return;
    const each = Math.ceil(speed.value / 30);
    timer = setInterval(
      () => {
        for (let k = 0; k < each; k++) if (!nextCall()) playing.value = false;
      },
      (1000 * each) / speed.value,
    );
  });
  onUnmounted(() => {
    clearInterval(timer);
  });

  const chooseGame = (name: string): void =>
    attempt(() => {
      const next = planarGame(name);
      const kept = state.value.methods.filter((method) => refusal(next, method) === undefined);
      const usual = choices(next).flatMap((choice) =>
        ['gda', 'extragradient'].includes(choice.name) ? (choice.spec ?? []) : [],
      );
      playing.value = false;
      set({ game: name, methods: kept.length > 0 ? kept : usual, start: startOfGame(next), at: 0, zoom: 0 });
    });
  /** Changes one method's spec. @throws InputError if it cannot run, in its words. */
  const takeMethod = (i: number, text: string): void => {
    const reason = refusal(game.value, text, state.value.start);
    if (reason !== undefined) throw new InputError(reason);
    set({ methods: state.value.methods.map((method, k) => (k === i ? text : method)) });
  };
  const setMethod = (i: number, text: string): void => attempt(() => takeMethod(i, text));
  const chooseMethod = (i: number, name: string): void => {
    const choice = menu.value.find((candidate) => candidate.name === name);
    if (choice?.spec === undefined) refused.value = choice?.reason ?? '';
    else setMethod(i, choice.spec);
  };
  const setOption = (i: number, control: Control, value: string): void =>
    attempt(() => takeMethod(i, withOption(state.value.methods[i] ?? '', control, value)));
  function add(): void {
    const used = state.value.methods.map((method) => parseSpec(method).name);
    const next = menu.value.find((choice) => choice.spec !== undefined && !used.includes(choice.name));
    if (next?.spec !== undefined && used.length < MOST_METHODS)
      set({ methods: [...state.value.methods, next.spec] });
  }
  const remove = (i: number): void => {
    if (state.value.methods.length > 1) set({ methods: state.value.methods.filter((_, k) => k !== i) });
  };
  const moveStart = (start: Point): void => {
    if (start.every(Number.isFinite)) set({ start });
  };
  /** By dragging or keys: as exactly as the picture shows. */
  const dragStart = (point: Point): void => moveStart(rounded(point, view.value));
  const zoomBy = (by: number): void => {
    set({ zoom: Math.max(-MOST_ZOOM, Math.min(MOST_ZOOM, zoom.value + by)) });
  };
  return {
    state,
    messages,
    refused,
    share,
    shared,
    set,
    game,
    row: computed(() => planarRow(parseSpec(spec.value).name)),
    view,
    arrows,
    shaded,
    outline,
    menu,
    controls,
    runs,
    residuals,
    distances,
    solution: computed(() => solutionOf(game.value)),
    range,
    fitRange,
    nextCall,
    step,
    back,
    playing,
    speed,
    chooseGame,
    setMethod,
    chooseMethod,
    setOption,
    add,
    remove,
    moveStart,
    dragStart,
    zoomBy,
  };
}
