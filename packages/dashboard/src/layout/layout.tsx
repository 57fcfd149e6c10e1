import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useSeesAll } from '../api/session.ts';
import { timeZone } from '../preferences/time-zone.ts';
import { type Shortcut, useShortcuts } from '../shortcuts/shortcuts.ts';
import { DisplayMenu } from './display-menu.tsx';
import { FindField } from './find-field.tsx';
import { Footer } from './footer.tsx';
import styles from './layout.module.css';
import { navigationOf } from './navigation.ts';
import { NavigationBar } from './navigation-bar.tsx';
import { OutdatedPage } from './outdated-page.tsx';
import { UserMenu } from './user-menu.tsx';

const ShortcutsDialog = lazy(async () => {
  const { ShortcutsDialog: Dialog } = await import('../shortcuts/shortcuts-dialog.tsx');
  return { default: Dialog };
});

/** The frame of every page: header with navigation and find field, the page, footer. */
export function Layout() {
  const navigate = useNavigate();
  const findField = useRef<HTMLInputElement>(null);
  const [showsShortcuts, setShowsShortcuts] = useState(false);
  const focusFindField = () => {
    findField.current?.focus();
    findField.current?.select();
  };
  const shortcuts: readonly Shortcut[] = [
    { keys: '/', title: 'Find', run: focusFindField },
    { keys: 'mod+k', title: 'Find, from a text field too', run: focusFindField },
    { keys: '?', title: 'Show keyboard shortcuts', run: () => setShowsShortcuts(true) },
    {
      keys: 'z',
      title: 'Switch between UTC and local time',
      run: () => timeZone.set(timeZone.get() === 'utc' ? 'local' : 'utc'),
    },
    ...navigationOf(useSeesAll()).map(({ to, title, key }) => ({
      keys: `g ${key}`,
      title: `Go to ${title}`,
      run: () => void navigate({ to }),
    })),
  ];
  useShortcuts(shortcuts);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <header className={styles.header}>
        <div className={styles.bar}>
          <Link to="/" className={styles.brand ?? ''}>
            <img src="/favicon.svg" alt="" width={28} height={28} />
            Dispatcher
          </Link>
          <FindField field={findField} />
          <div className={styles.tools}>
            <DisplayMenu />
            <UserMenu />
          </div>
        </div>
        <NavigationBar />
      </header>
      <Main />
      <OutdatedPage />
      <Footer showShortcuts={() => setShowsShortcuts(true)} />
      {showsShortcuts ? (
        <Suspense>
          <ShortcutsDialog shortcuts={shortcuts} close={() => setShowsShortcuts(false)} />
        </Suspense>
      ) : null}
    </div>
  );
}

/** The page itself. After a navigation it takes the focus, so that screen readers and the keyboard start there. */
function Main() {
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const main = useRef<HTMLElement>(null);
  const previous = useRef(path);
  useEffect(() => {
    if (previous.current !== undefined && previous.current !== path) main.current?.focus({ preventScroll: true });
    previous.current = path;
  }, [path]);
  return (
    <main id="main" ref={main} className={styles.main} tabIndex={-1}>
      <Outlet />
    </main>
  );
}
