/** @jsxImportSource preact */
/** What people and bots wrote, as nodes. Only text nodes and checked addresses: nothing said by anybody becomes markup. */
import type { ComponentChild } from 'preact'

/** An http(s) address, resolved against the hub; undefined for `javascript:`, `data:` and nonsense. */
export function safeUrl(url: string | undefined, base?: string): string | undefined {
  if (!url || !URL.canParse(url, base)) return undefined
  const { protocol, href } = new URL(url, base)
  return /^https?:$/.test(protocol) ? href : undefined
}

/**
 * The same address at the hub that this page talks to, for what lies below `path`. The hub may be reached by several names
 * (localhost and 127.0.0.1, inside and outside), and a page may only be permitted to speak with one of them.
 */
export function atOurHub(url: string, base: string, path: string): string | undefined {
  const safe = safeUrl(url, base)
  if (!safe) return undefined
  const { pathname, search } = new URL(safe)
  return pathname.startsWith(path) ? new URL(pathname + search, base).href : safe
}

export const outside = { target: '_blank', rel: 'noopener noreferrer' }

const address = String.raw`https?:\/\/[^\s<>"“”]+`
const addresses = new RegExp(address, 'g')
/** In this order: bold, italic, code, a named link, a bare address. */
const marks = new RegExp(
  String.raw`\*\*(?=\S)([^*\n]+)(?<=\S)\*\*|(?<![\w*])\*(?=\S)([^*\n]+)(?<=\S)\*(?![\w*])|\x60([^\x60\n]+)\x60|\[([^\]\n]{1,200})\]\((https?:\/\/[^\s)]+)\)|` +
    address,
  'g',
)

/** A text with its web addresses as links. */
export const withLinks = (text: string): ComponentChild[] => replaced(text, addresses, ([url]) => linkOf(url))

/** A text with the few marks that bots and articles use: bold, italic, code, named links, lists. */
export const withMarks = (text: string): ComponentChild[] =>
  replaced(text.replace(/^[-*] (?=\S)/gm, '• '), marks, ([whole, bold, italic, code, label, url]) => {
    if (bold) return [<strong>{withLinks(bold)}</strong>]
    if (italic) return [<em>{withLinks(italic)}</em>]
    if (code) return [<code>{code}</code>]
    return label ? named(label, url!) : linkOf(whole)
  })

const link = (href: string, label: string) => (
  <a href={href} {...outside}>
    {label}
  </a>
)

/** A label that looks like an address itself could name another one than it leads to: then both are shown. */
function named(label: string, url: string): ComponentChild[] {
  const href = safeUrl(url)
  if (!href) return [`${label} (${url})`]
  return /[\w-]\.[a-z]{2}|:\/\//i.test(label) ? [`${label} (`, link(href, url), ')'] : [link(href, label)]
}

/** A full stop or bracket after an address is not part of it. */
function linkOf(found: string): ComponentChild[] {
  const url = found.replace(/[.,;:!?'’)\]}]+$/, '')
  const href = safeUrl(url)
  return href ? [link(href, url), found.slice(url.length)] : [found]
}

function replaced(text: string, pattern: RegExp, toNodes: (match: RegExpMatchArray) => ComponentChild[]) {
  const nodes: ComponentChild[] = []
  let done = 0
  for (const match of text.matchAll(pattern)) {
    nodes.push(text.slice(done, match.index), ...toNodes(match))
    done = match.index + match[0].length
  }
  return [...nodes, text.slice(done)].filter((node) => node !== '')
}
