import { UnderlineNav } from '@primer/react';
import { useLocation, useRouter } from '@tanstack/react-router';
import styles from './layout.module.css';
import { isCurrent, navigation } from './navigation.ts';

/** The pages as tabs. */
export function NavigationBar() {
  const router = useRouter();
  const { pathname } = useLocation();
  return (
    <div className={styles.nav}>
      <UnderlineNav aria-label="Pages">
        {navigation.map((item) => {
          const { to, title, icon: ItemIcon } = item;
          // `as={Link}` would mark every tab as the current one.
          return (
            <UnderlineNav.Item
              key={to}
              href={router.buildLocation({ to }).href}
              leadingVisual={<ItemIcon />}
              {...(isCurrent(item, pathname) ? { 'aria-current': 'page' as const } : {})}
              onSelect={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                void router.navigate({ to });
              }}
            >
              {title}
            </UnderlineNav.Item>
          );
        })}
      </UnderlineNav>
    </div>
  );
}
