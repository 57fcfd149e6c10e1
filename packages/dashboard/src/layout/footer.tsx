import { Link } from '@tanstack/react-router';
import { useHealth } from '../api/session.ts';
import { timeZone } from '../preferences/time-zone.ts';
import styles from './layout.module.css';

/** Shows what is running, and links to what helps. */
export function Footer({ showShortcuts }: { readonly showShortcuts: () => void }) {
  const zone = timeZone.use();
  const health = useHealth();
  return (
    <footer className={styles.footer}>
      <span>
        Dispatcher {health.data?.version ?? ''}
        {health.data?.imageDigest === undefined || health.data.imageDigest === null
          ? null
          : ` (image ${health.data.imageDigest.replace('sha256:', '').slice(0, 12)})`}
      </span>
      <Link to="/api/docs">API</Link>
      <Link to="/try">Try it</Link>
      <button type="button" className={styles.link} onClick={showShortcuts}>
        Keyboard shortcuts
      </button>
      <button type="button" className={styles.link} onClick={() => timeZone.set(zone === 'utc' ? 'local' : 'utc')}>
        Exact times: {zone === 'utc' ? 'UTC' : 'local'}
      </button>
    </footer>
  );
}
