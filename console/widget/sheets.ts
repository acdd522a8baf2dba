/** The looks as constructed sheets, which need no style-src of the page. */
import css from './widget.css?inline'

/**
 * The sheets for one accent colour. Text on it is black or white, whichever reads better (one of them always passes 4.5:1);
 * lines in the accent are mixed towards the text, so that a pale accent still shows.
 * @param color #rrggbb
 */
export function sheetsFor(color: string): CSSStyleSheet[] {
  const on = luminance(color) > 0.179 ? '#000' : '#fff'
  return [
    sheetOf(css),
    sheetOf(`.root{--accent:var(--baton-accent,${color});--on-accent:var(--baton-on-accent,${on})}`),
  ]
}

export function sheetOf(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  return sheet
}

/** Relative luminance as WCAG defines it. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
