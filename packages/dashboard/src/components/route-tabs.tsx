import { Link } from '@tanstack/react-router';
import styles from './activity-tabs.module.css';

/** Two views of the routes: all as a table, or one repository with its neighbours as a graph. */
export function RouteTabs({ repository }: { readonly repository?: string | undefined }) {
  const search = repository === undefined ? {} : { repository };
  return (
    <nav className={styles.tabs} aria-label="Views of the routes">
      <Link
        to="/routes"
        search={search}
        activeOptions={{ exact: true, includeSearch: false }}
        className={styles.tab ?? ''}
      >
        Table
      </Link>
      <Link
        to="/graph"
        search={search}
        activeOptions={{ exact: true, includeSearch: false }}
        className={styles.tab ?? ''}
      >
        Graph
      </Link>
    </nav>
  );
}
