import { useEffect, useRef } from 'react';
import { singleKeyShortcuts } from '../preferences/single-key-shortcuts.ts';
import { type Keys, matchKeys, maxSequenceMs, wordOf } from './key-sequence.ts';

export interface Shortcut {
  readonly keys: Keys;
  /** What it does: `Go to Overview`. */
  readonly title: string;
  readonly run: () => void;
}

const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

// CodeMirror lies in a shadow root: the event's target is then its host.
const typesText = (event: KeyboardEvent): boolean => event.composedPath().some(isTextField);

/** Runs shortcuts while the component is mounted; not in a text field, not in a dialog, and single keys only if wanted. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    let pending: string | null = null;
    let pressedAt = 0;
    const listener = (event: KeyboardEvent) => {
      const word = wordOf(event);
      if (event.defaultPrevented || word === null) return;
      const isChord = word.startsWith('mod+');
      if (!isChord && (typesText(event) || !singleKeyShortcuts.get())) return;
      if (document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"]') !== null) return;
      const previous = event.timeStamp - pressedAt <= maxSequenceMs ? pending : null;
      const all = current.current;
      const match = matchKeys(
        all.map(({ keys }) => keys),
        previous,
        word,
      );
      pending = match.pending;
      pressedAt = event.timeStamp;
      const shortcut = all.find(({ keys }) => keys === match.matched);
      if (shortcut === undefined) return;
      event.preventDefault();
      shortcut.run();
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
