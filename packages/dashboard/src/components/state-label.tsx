import type { State } from '../words/states.ts';
import { icons } from './icon.tsx';
import styles from './state-label.module.css';

/** Shows a state as an icon and a word; never by color alone. */
export function StateLabel({ state, size = 16 }: { readonly state: State; readonly size?: number }) {
  const Icon = icons[state.icon];
  return (
    <span className={`${styles.label} ${styles[state.tone]}`}>
      <Icon size={size} />
      <span className={styles.word}>{state.word}</span>
    </span>
  );
}

/** Shows only the icon of a state, where the word stands beside it or in the link around it. */
export function StateIcon({ state, size = 16 }: { readonly state: State; readonly size?: number }) {
  const Icon = icons[state.icon];
  return (
    <span className={`${styles.label} ${styles.icon} ${styles[state.tone]}`} aria-hidden="true">
      <Icon size={size} />
    </span>
  );
}
