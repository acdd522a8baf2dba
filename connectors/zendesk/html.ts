/** Words to HTML and back. Customers and agents write plain text; Zendesk keeps HTML and entities. */

/** Exactly these words: nothing in them is taken for markup, and line breaks stay. */
export const toHtml = (text: string): string => escapeHtml(text).replaceAll(/\r\n?|\n/g, '<br>')

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** What a reader of the HTML would see: blocks and breaks become lines, links keep their address, scripts vanish. */
export function fromHtml(html: string): string {
  const text = html
    .replaceAll(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/[\t\r\n ]+/g, ' ')
    .replaceAll(/<a\b[^>]*\bhref\s*=\s*["']([^"']*)["'][^>]*>([\s\S]*?)<\/a>/gi, (_, url, label) =>
      linkText(url, label),
    )
    .replaceAll(/<br\s*\/?>/gi, '\n')
    .replaceAll(/<li\b[^>]*>/gi, '\n• ')
    .replaceAll(/<\/(p|h[1-6]|blockquote|pre|table|ul|ol)\s*>/gi, '\n\n')
    .replaceAll(/<\/(div|tr)\s*>/gi, '\n')
    .replaceAll(/<\/t[dh]\s*>/gi, ' ')
    .replaceAll(/<[^>]*>/g, '')
  return tidy(decodeEntities(text))
}

/** A body that is text already, in which Zendesk may have left entities (zendesk.md 10.4). */
export const fromBody = (body: string): string => tidy(decodeEntities(body.replaceAll(/\r\n?/g, '\n')))

function linkText(url: string, label: string): string {
  const plain = label.replaceAll(/<[^>]*>/g, '').trim()
  const isSafe = /^(https?:|mailto:|tel:)/i.test(url)
  if (!isSafe || plain === '' || url.includes(plain)) return isSafe ? url : plain
  return `${plain} (${url})`
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

function decodeEntities(text: string): string {
  return text.replaceAll(/&(#x[\da-f]{1,6}|#\d{1,7}|[a-z]{2,6});/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return named[entity.toLowerCase()] ?? whole
    const code = /^#x/i.test(entity) ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1))
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

const tidy = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replaceAll('\u00a0', ' ').trim())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
