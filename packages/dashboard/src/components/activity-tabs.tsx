import { Link } from '@tanstack/react-router';
import { useSeesAll } from '../api/session.ts';
import styles from './activity-tabs.module.css';

/**
 * Views of the same: a row for each run, for each delivery with what was not planned, or for each fact; and the replays of
 * many runs, which the API refuses to those who may see some repositories only.
 */
export function RunTabs() {
  const seesAll = useSeesAll();
  return (
    <nav className={styles.tabs} aria-label="Lists of runs">
      <Link to="/runs" activeOptions={{ exact: true, includeSearch: false }} className={styles.tab ?? ''}>
        Runs
      </Link>
      <Link to="/deliveries" activeOptions={{ exact: true, includeSearch: false }} className={styles.tab ?? ''}>
        Deliveries
      </Link>
      <Link to="/activity" activeOptions={{ exact: true, includeSearch: false }} className={styles.tab ?? ''}>
        Activity
      </Link>
      {seesAll ? (
        <Link to="/bulk-replays" activeOptions={{ exact: true, includeSearch: false }} className={styles.tab ?? ''}>
          Bulk replays
        </Link>
      ) : null}
    </nav>
  );
}
