import { counted } from '../words/counts.ts';
import styles from './new-items-bar.module.css';

interface NewItemsBarProps {
  readonly count: number;
  /** From this number on, there may be more than were read. */
  readonly max: number;
  readonly noun: string;
  readonly plural?: string;
  readonly show: () => void;
}

/** Says how many new rows there are; they are shown on request. Screen readers hear it. */
export function NewItemsBar({ count, max, noun, plural, show }: NewItemsBarProps) {
  return (
    <div aria-live="polite">
      {count === 0 ? null : (
        <button type="button" className={styles.bar} onClick={show}>
          {count >= max
            ? `${max} or more new ${plural ?? `${noun}s`}`
            : counted(count, `new ${noun}`, `new ${plural ?? `${noun}s`}`)}
        </button>
      )}
    </div>
  );
}
