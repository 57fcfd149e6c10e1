import { useSyncExternalStore } from 'react';

export interface Preference<Value> {
  readonly get: () => Value;
  readonly set: (value: Value) => void;
  /** Returns the current value, and renders again when it changes, in another tab too. */
  readonly use: () => Value;
}

/** Creates a preference that localStorage keeps. Without access to it, the preference lasts as long as the page. */
export function createPreference<Value>(key: string, parse: (stored: unknown) => Value): Preference<Value> {
  const listeners = new Set<() => void>();
  let value = parse(readStored(key));
  const notify = () => {
    for (const listener of listeners) listener();
  };
  globalThis.addEventListener?.('storage', (event) => {
    if (event.key !== key) return;
    value = parse(readStored(key));
    notify();
  });
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const get = () => value;
  return {
    get,
    set: (next) => {
      value = next;
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // Storage is full or forbidden.
      }
      notify();
    },
    use: () => useSyncExternalStore(subscribe, get),
  };
}

function readStored(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}
