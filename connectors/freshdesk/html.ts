/** Between plain text and the HTML that agents write and read. */

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!)

export const toHtml = (text: string): string => escapeHtml(text).replace(/\r?\n/g, '<br>')

/** Line breaks, list items and link targets are kept; of scripts and styles nothing is, nor of the mail an answer `quotes`. */
export function fromHtml(html: string, quotes = false): string {
  return decode(
    (quotes ? withoutQuotes(html) : html)
      .replace(/<!--[\s\S]*?-->/g, '')
      .replace(/<(script|style|head|title)\b[\s\S]*?<\/\1\s*>/gi, '')
      .replace(/[\t\r\n ]+/g, ' ')
      .replace(/<a\b[^>]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>([\s\S]*?)<\/a\s*>/gi, linkText)
      .replace(/ ?<br\b[^>]*> ?/gi, '\n')
      .replace(/<li\b[^>]*>/gi, '\n- ')
      .replace(/<\/(p|div|h[1-6]|tr|ul|ol|table)\s*>|<(p|div|h[1-6]|tr|ul|ol|table)\b[^>]*>/gi, '\n')
      .replace(/<[a-z/!][^>]*>/gi, ''),
  )
    .replace(/\u00a0/g, ' ')
    .replace(/[ \t]*\n[ \t]*/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** The newest words stand before the quoted mail (freshdesk.md 2.4). */
function withoutQuotes(html: string): string {
  const end = html.search(/<blockquote\b|-{3,}\s*Original message\s*-{3,}/i)
  const newest = end < 0 ? html : html.slice(0, end)
  return newest.replace(/<[^>]*>|&nbsp;/gi, '').trim() === '' ? html : newest
}

function linkText(_all: string, double: string | undefined, single: string | undefined, inner: string): string {
  const target = double ?? single ?? ''
  const shown = inner.replace(/<[^>]*>/g, '').trim()
  if (!/^(https?:|mailto:|tel:)/i.test(decode(target))) return shown
  return !shown || shown === target || `mailto:${shown}` === target
    ? target.replace(/^mailto:/i, '')
    : `${shown} (${target})`
}

const decode = (text: string): string =>
  text.replace(/&(#x[\da-f]+|#\d+|[a-z]+);/gi, (all, name: string) => {
    if (!name.startsWith('#')) return entities[name.toLowerCase()] ?? all
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
  })
