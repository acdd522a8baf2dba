/** An agent's words as plain text: they come as text or as HTML, and nothing says which (freshchat.md 2.3). */

const tags =
  /<\/?(a|b|i|u|p|br|div|span|strong|em|ul|ol|li|h[1-6]|table|tr|td|th|tbody|thead|img|font|pre|code|blockquote|hr|s|sub|sup)(\s[^>]*)?\/?>/i
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** What has no tag of HTML is left as it was typed: `1 < 2` is no tag. */
export const toPlain = (content: string): string => (tags.test(content) ? fromHtml(content) : content.trim())

function fromHtml(html: string): string {
  const text = html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/[\t\r\n ]+/g, ' ')
    .replace(/<a\b[^>]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>([\s\S]*?)<\/a\s*>/gi, linkText)
    .replace(/ ?<br\b[^>]*> ?/gi, '\n')
    .replace(/<li\b[^>]*>/gi, '\n- ')
    .replace(/<\/?(p|div|h[1-6]|tr|ul|ol|table|blockquote|pre)\b[^>]*>/gi, '\n')
    .replace(/<[a-z/!][^>]*>/gi, '')
  return decode(text)
    .replace(/\u00a0/g, ' ')
    .replace(/[ \t]*\n[ \t]*/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function linkText(_all: string, double: string | undefined, single: string | undefined, inner: string): string {
  const target = double ?? single ?? ''
  const shown = inner.replace(/<[^>]*>/g, '').trim()
  if (!/^(https?:|mailto:|tel:)/i.test(decode(target))) return shown
  return !shown || shown === target ? target : `${shown} (${target})`
}

const decode = (text: string): string =>
  text.replace(/&(#x[\da-f]+|#\d+|[a-z]+);/gi, (all, name: string) => {
    if (!name.startsWith('#')) return entities[name.toLowerCase()] ?? all
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
  })

/** At a line or word border where there is one, never inside a character. */
export function split(text: string, length: number): string[] {
  const pieces: string[] = []
  let rest = text
  while (rest.length > length) {
    const head = rest.slice(0, length)
    const border = Math.max(head.lastIndexOf('\n'), head.lastIndexOf(' '))
    const cut = border > length / 2 ? border + 1 : /[\uD800-\uDBFF]$/.test(head) ? length - 1 : length
    pieces.push(rest.slice(0, cut).trimEnd())
    rest = rest.slice(cut)
  }
  return rest.trim() === '' && pieces.length > 0 ? pieces : [...pieces, rest]
}
