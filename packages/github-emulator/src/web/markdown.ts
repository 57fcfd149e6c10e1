import MarkdownIt from 'markdown-it';
import { Html } from './html.ts';

// With `html: false` the library escapes tags, and it renders no link to a script.
const markdown = new MarkdownIt({ html: false, linkify: true });

// Each page has its own `h1`.
markdown.core.ruler.push('lower_headings', ({ tokens }) => {
  for (const token of tokens) {
    if (token.type === 'heading_open' || token.type === 'heading_close') {
      token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + 1)}`;
    }
  }
});

/** Renders Markdown as GitHub does, without HTML: tags are shown as text, and comments are left out. */
export function renderMarkdown(text: string): Html {
  return new Html(markdown.render(text.replaceAll(/<!--[\s\S]*?-->\n?/g, '')));
}
