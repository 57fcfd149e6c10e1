import { StaleLine } from './states.tsx';
import { counted } from '../words/counts.ts';
import type { NewItems } from '../live/new-items.ts';
import styles from './new-items-bar.module.css';

interface NewItemsBarProps {
  readonly items: NewItems;
  /** From this number on, there may be more than were read. */
  readonly max: number;
  readonly noun: string;
  readonly plural?: string;
  readonly show: () => void;
}

/** Says how many new rows there are, which are shown on request, or that nobody knows. Screen readers hear it. */
export function NewItemsBar({ items: { count, staleSince }, max, noun, plural, show }: NewItemsBarProps) {
  return (
    <div aria-live="polite">
      {staleSince === null ? null : <StaleLine since={staleSince} retry={show} />}
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
