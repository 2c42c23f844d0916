/** A web page that shows a map over its whole window. */

type Page = {
  title: string
  /** URLs of style sheets and classic scripts. */
  styles: string[]
  scripts?: string[]
  /** A module, whose lines are indented here. */
  code: string
}

export function webPage({ title, styles, scripts = [], code }: Page): string {
  return [
    '<!doctype html>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    `<title>${escapeHtml(title)}</title>`,
    ...styles.map((url) => `<link rel="stylesheet" href="${url}">`),
    '<style>html, body, #map { height: 100%; margin: 0 }</style>',
    '<div id="map"></div>',
    ...scripts.map((url) => `<script src="${url}"></script>`),
    '<script type="module">',
    code.replace(/^(?=.)/gm, '  '),
    '</script>',
    '',
  ].join('\n')
}

/** For text and for attributes in double quotes, also of XML. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
