import { createHash } from 'node:crypto';

/** The style of all pages: GitHub's colours, light and dark, in one column on a narrow screen. */
export const STYLE = `
:root { color-scheme: light dark; --fg: #1f2328; --muted: #59636e; --bg: #fff; --subtle: #f6f8fa; --border: #d1d9e0; --link: #0969da;
  --header: #25292e; --open: #1a7f37; --failed: #cf222e; --done: #8250df; --waiting: #9a6700; --added: #dafbe1; --removed: #ffebe9; }
@media (prefers-color-scheme: dark) { :root { --fg: #f0f6fc; --muted: #9198a1; --bg: #0d1117; --subtle: #151b23; --border: #3d444d;
  --link: #4493f8; --header: #010409; --open: #3fb950; --failed: #f85149; --done: #ab7df8; --waiting: #d29922; --added: #12261e; --removed: #25171c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 14px/1.5 -apple-system, BlinkMacSystemFont, 'Segoe UI', 'Noto Sans', 'Liberation Sans', Helvetica, Arial, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; padding: 8px; background: var(--bg); z-index: 1; }
header { background: var(--header); color: #d1d9e0; padding: 14px 24px; }
header a { color: #fff; font-weight: 600; margin-right: 8px; }
.repository { background: var(--subtle); border-bottom: 1px solid var(--border); padding: 16px 24px 0; }
.repository .name { margin: 0 0 8px; font-size: 18px; }
.repository nav ul { display: flex; flex-wrap: wrap; gap: 8px; list-style: none; margin: 0; padding: 0; }
.repository nav a { display: block; padding: 8px 8px 10px; color: var(--fg); border-bottom: 2px solid transparent; }
.repository nav a[aria-current] { font-weight: 600; border-bottom-color: #fd8c73; }
main { max-width: 1280px; margin: 0 auto; padding: 24px; }
h1 { font-size: 24px; font-weight: 400; line-height: 1.3; margin: 0 0 8px; }
h2 { font-size: 16px; margin: 24px 0 8px; }
.muted, .meta { color: var(--muted); }
.meta { margin: 0 0 16px; }
.count, .label { display: inline-block; border-radius: 2em; padding: 0 8px; font-size: 12px; line-height: 20px; border: 1px solid var(--border); color: var(--muted); font-weight: 500; }
.count { background: var(--border); color: var(--fg); }
.state { display: inline-block; border-radius: 2em; padding: 4px 12px; font-weight: 500; border: 1px solid currentColor; }
.success, .open { color: var(--open); }
.failure { color: var(--failed); }
.done { color: var(--done); }
.waiting { color: var(--waiting); }
.label.success, .label.open, .label.failure, .label.done, .label.waiting { border-color: currentColor; }
.box { border: 1px solid var(--border); border-radius: 6px; margin: 0 0 16px; padding: 0; list-style: none; overflow: hidden; }
.box > li, .box > .row { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: baseline; padding: 10px 16px; border-top: 1px solid var(--border); }
.box > :first-child { border-top: 0; }
.box > .title { background: var(--subtle); padding: 10px 16px; border-bottom: 1px solid var(--border); display: flex; flex-wrap: wrap; gap: 4px 16px; }
.box > .title + li, .box > .title + .row { border-top: 0; }
.box .main { flex: 1 1 260px; min-width: 0; }
.box .main a { font-weight: 600; }
.box .main .meta { display: block; margin: 0; font-size: 12px; }
.empty { padding: 32px 16px; text-align: center; color: var(--muted); }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) 296px; gap: 24px; }
.columns > * { min-width: 0; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 6px 16px; margin: 0 0 16px; }
dt { color: var(--muted); }
dd { margin: 0; }
code, pre, .file { font: 12px/1.6 ui-monospace, SFMono-Regular, 'SF Mono', Menlo, 'Liberation Mono', monospace; }
code { background: var(--subtle); border-radius: 6px; padding: 2px 5px; }
pre { background: var(--subtle); border-radius: 6px; padding: 16px; overflow: auto; margin: 0 0 16px; }
pre code { padding: 0; background: none; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; }
.file { width: 100%; white-space: pre; overflow-wrap: normal; }
.file th { width: 1%; padding: 0 12px; text-align: right; color: var(--muted); font-weight: 400; user-select: none; vertical-align: top; }
.file td { padding: 0 12px; }
.file .added { background: var(--added); }
.file .removed { background: var(--removed); }
.body { padding: 16px; }
.body > :first-child { margin-top: 0; }
.body > :last-child { margin-bottom: 0; }
.body table { display: block; overflow-x: auto; margin: 0 0 16px; }
.body td, .body th { border: 1px solid var(--border); padding: 6px 13px; }
.filters { display: flex; gap: 16px; margin: 0 0 16px; padding: 0; list-style: none; }
.filters [aria-current] { font-weight: 600; color: var(--fg); }
button { font: inherit; padding: 6px 16px; border-radius: 6px; border: 1px solid transparent; background: #1f883d; color: #fff; font-weight: 500; cursor: pointer; }
input { font: inherit; padding: 5px 12px; border-radius: 6px; border: 1px solid var(--border); background: var(--bg); color: var(--fg); max-width: 100%; }
form { display: flex; flex-wrap: wrap; gap: 12px; align-items: center; margin: 0 0 12px; }
@media (max-width: 767px) { header, .repository, main { padding-left: 16px; padding-right: 16px; } header span { display: none; }
  .columns { grid-template-columns: minmax(0, 1fr); } h1 { font-size: 20px; } }
`;

export const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');
