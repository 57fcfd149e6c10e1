// The states of a page or of a part of it. Each says what is so, why, and what to do next.
import { AlertIcon, type Icon, InboxIcon, LockIcon, PlugIcon, SearchIcon } from '@primer/octicons-react';
import { Button } from '@primer/react';
import type { ReactNode } from 'react';
import { statusOf } from '../api/problem.ts';
import { timeZone } from '../preferences/time-zone.ts';
import { timeOfDay } from '../words/times.ts';
import styles from './states.module.css';

interface BlankProps {
  readonly icon?: Icon;
  readonly title: string;
  readonly children?: ReactNode;
  /** A link or a button: what to do next. */
  readonly next?: ReactNode;
}

/** Says why there is nothing to show. */
export function Blank({ icon: BlankIcon = InboxIcon, title, children, next }: BlankProps) {
  return (
    <div className={styles.blank}>
      <BlankIcon size={24} />
      <h2 className={styles.title}>{title}</h2>
      {children === undefined ? null : <div className={styles.text}>{children}</div>}
      {next === undefined ? null : <div className={styles.next}>{next}</div>}
    </div>
  );
}

export const NotFound = ({ title = 'Not found', children, next }: Partial<BlankProps>) => (
  <Blank icon={SearchIcon} title={title} next={next}>
    {children}
  </Blank>
);

/** Says why a request failed, in the words of the API, and offers to repeat it where that can help. */
export function Failure({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const status = statusOf(error);
  const detail = error instanceof Error ? error.message : String(error);
  const again = retry === undefined ? undefined : <Button onClick={retry}>Try again</Button>;
  if (status === 404) return <NotFound title="Nothing is recorded here">{detail}</NotFound>;
  if (status === 403) {
    return (
      <Blank icon={LockIcon} title="You may not see this">
        {detail}
      </Blank>
    );
  }
  if (status === null) {
    return (
      <Blank icon={PlugIcon} title="Dispatcher cannot be reached" next={again}>
        {detail}
      </Blank>
    );
  }
  return (
    <Blank icon={AlertIcon} title={status >= 500 ? 'Something went wrong' : 'This request is not valid'} next={again}>
      {detail}
    </Blank>
  );
}

/** Says since when the data on the page are old. */
export function StaleLine({ since, retry }: { readonly since: number; readonly retry: () => void }) {
  const zone = timeZone.use();
  return (
    <div className={styles.stale} role="status">
      <AlertIcon size={16} />
      <span>Stale since {timeOfDay(since, zone)}: Dispatcher cannot be reached. What is shown may have changed.</span>
      <Button size="small" onClick={retry}>
        Try again
      </Button>
    </div>
  );
}

/** A gray block of the size of what is loading, so that nothing moves when it arrives. */
export const Skeleton = ({
  width = '100%',
  height = 16,
}: {
  readonly width?: number | string;
  readonly height?: number;
}) => <span className={styles.skeleton} data-pending ref={(element) => sizeOf(element, width, height)} />;

/** In place of what may turn out to be nothing: it has no size, and what follows waits for it. */
export const Pending = () => <span data-pending hidden />;

/** Sets the size by script: the content security policy forbids `style` attributes in HTML, but not this. */
function sizeOf(element: HTMLElement | null, width: number | string, height: number): void {
  if (element === null) return;
  element.style.width = typeof width === 'number' ? `${width}px` : width;
  element.style.height = `${height}px`;
}

/** The rows of a list that is loading. */
export function ListSkeleton({ rows = 10 }: { readonly rows?: number }) {
  return (
    <div className={styles.rows} role="status" aria-label="Loading" aria-busy="true">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className={styles.row}>
          <Skeleton width={16} />
          <Skeleton width={`${35 + ((index * 17) % 30)}%`} />
          <Skeleton width={90} />
        </div>
      ))}
    </div>
  );
}
