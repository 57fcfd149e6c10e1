import { TriangleDownIcon } from '@primer/octicons-react';
import { ActionList, ActionMenu, Button } from '@primer/react';
import { Link, useLocation, useRouter } from '@tanstack/react-router';
import { useSeesAll } from '../api/session.ts';
import tabs from '../components/tabs.module.css';
import { useMedia } from '../components/use-media.ts';
import styles from './layout.module.css';
import { isCurrent, type NavigationItem, navigationOf } from './navigation.ts';

/** So many of the first pages fit a phone of 320 px beside the menu. */
const maxNarrowItems = 3;

/**
 * The pages as tabs; on a narrow page the first ones, and the others in a menu. Primer's `UnderlineNav` measures which
 * items fit, and hides most of them if it does so while the page is still loading.
 */
export function NavigationBar() {
  const { pathname } = useLocation();
  const isNarrow = useMedia('(max-width: 859.98px)');
  const navigation = navigationOf(useSeesAll());
  const shown = isNarrow ? navigation.slice(0, maxNarrowItems) : navigation;
  const others = navigation.slice(shown.length);
  return (
    <div className={styles.nav}>
      <nav className={tabs.tabs} aria-label="Pages">
        <ul className={tabs.list}>
          {shown.map((item) => {
            const { to, title, icon: ItemIcon } = item;
            return (
              <li key={to}>
                <Link
                  to={to}
                  className={tabs.tab ?? ''}
                  activeOptions={{ exact: true, includeSearch: false }}
                  {...(isCurrent(item, pathname) ? { 'aria-current': 'page' as const } : {})}
                >
                  <ItemIcon />
                  {title}
                </Link>
              </li>
            );
          })}
        </ul>
        {others.length === 0 ? null : <MoreMenu items={others} pathname={pathname} />}
      </nav>
    </div>
  );
}

function MoreMenu({ items, pathname }: { readonly items: readonly NavigationItem[]; readonly pathname: string }) {
  const router = useRouter();
  const current = items.find((item) => isCurrent(item, pathname));
  return (
    <ActionMenu>
      <ActionMenu.Anchor>
        <Button
          variant="invisible"
          trailingAction={TriangleDownIcon}
          className={tabs.more ?? ''}
          data-current={current !== undefined}
          aria-label={current === undefined ? 'More pages' : `${current.title}, more pages`}
        >
          {current?.title ?? 'More'}
        </Button>
      </ActionMenu.Anchor>
      <ActionMenu.Overlay>
        <ActionList>
          {items.map((item) => {
            const { to, title, icon: ItemIcon } = item;
            return (
              <ActionList.LinkItem
                key={to}
                href={router.buildLocation({ to }).href}
                {...(item === current ? { 'aria-current': 'page' as const } : {})}
                onClick={(event) => {
                  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                  event.preventDefault();
                  void router.navigate({ to });
                }}
              >
                <ActionList.LeadingVisual>
                  <ItemIcon />
                </ActionList.LeadingVisual>
                {title}
              </ActionList.LinkItem>
            );
          })}
        </ActionList>
      </ActionMenu.Overlay>
    </ActionMenu>
  );
}
