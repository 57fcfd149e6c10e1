/** Texts that people choose, such as the name of a branch, with what GitHub's Markdown would act on. */
export const maliciousTexts: readonly (readonly [description: string, text: string])[] = [
  ['a mention', 'feature/@octocat'],
  ['a mention of a team', '@octo-org/everyone'],
  ['a link', 'x [click](https://evil.example) y'],
  ['an image', '![x](https://evil.example/x.png)'],
  ['an address that becomes a link', 'see https://evil.example/a'],
  ['an issue reference', 'fixes #1'],
  ['HTML', '<img src=x onerror=alert(1)>'],
  ['HTML that would open a section', '</details><b>bold</b>'],
  ['the end of the marker comment', '--> <b>bold</b>'],
  ['backticks that would end the code', '` ``` ```` @octocat `'],
  ['a line break that would start a heading', 'x\n# heading\n```\n@octocat'],
  ['other line breaks', 'x\r# heading\u2028@octocat\u0085# heading'],
  ['a pipe that would end the table cell', 'a | @octocat | b'],
  ['a right-to-left override', 'abc\u202E@octocat'],
  ['a terminal sequence', '\u001B[31m@octocat'],
  ['a command of the runner', 'x\n::set-output name=a::@octocat'],
  ['only backticks', '```'],
  ['a backslash at the end', '@octocat\\'],
];

/** Returns a Markdown text without its code, as GitHub's renderer recognizes code. */
function outsideCode(markdown: string): string {
  const withoutBlocks = markdown.replace(/^(`{3,})[^\n`]*\n[\s\S]*?\n\1`*$/gm, '');
  return withoutBlocks.replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
}

const active = ['@octo', 'evil.example', '#1', '<img', '<b>', '</details>', '# heading'] as const;

/** Returns what GitHub would act on in a Markdown text that contains malicious texts. */
export function activeParts(markdown: string): string[] {
  const shown = outsideCode(markdown);
  const controls = /(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/u.test(markdown) ? ['a control character'] : [];
  return [...active.filter((part) => shown.includes(part)), ...controls];
}
