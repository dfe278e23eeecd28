import { computed, onUnmounted, ref, shallowRef, type ComputedRef, type Ref } from 'vue';
import type { Read } from './link.js';

/** Milliseconds for which the address waits for further changes: browsers limit how often it may change. */
const WAIT = 300;

/** A page's state that its address holds. */
export interface Query<T> {
  readonly state: ComputedRef<T>;
  /** What of the address could not be taken, in words. */
  readonly messages: ComputedRef<readonly string[]>;
  /** Changes parts of the state, and soon after the address. */
  readonly set: (part: Partial<T>) => void;
  /** Copies the link. */
  readonly share: () => Promise<void>;
  /** What became of the copy, in words. */
  readonly shared: Ref<string>;
}

/** Reads the state from the address, and writes each later change of it there. */
export function useQuery<T extends object>(
  read: (query: string) => Read<T>,
  write: (state: T) => string,
): Query<T> {
  const held = shallowRef(read(location.search));
  const state = computed(() => held.value.state);
  const shared = ref('');
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    history.replaceState(history.state, '', write(state.value) + location.hash);
  };
  const set = (part: Partial<T>): void => {
    held.value = { state: { ...state.value, ...part }, messages: [] };
    shared.value = '';
    clearTimeout(timer);
    timer = setTimeout(flush, WAIT);
  };
  const reread = (): void => {
    held.value = read(location.search);
  };
  addEventListener('popstate', reread);
  onUnmounted(() => {
    clearTimeout(timer);
    removeEventListener('popstate', reread);
  });
  async function share(): Promise<void> {
    flush();
    try {
      await navigator.clipboard.writeText(location.href);
      shared.value = 'The link is copied.';
    } catch {
      shared.value = 'The link is in the address bar; the browser does not let this page copy it.';
    }
  }
  return { state, messages: computed(() => held.value.messages), set, share, shared };
}
