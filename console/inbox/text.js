/** What people and bots wrote, as nodes. Only text nodes and checked addresses: nothing said by anybody becomes markup. */

/** An http(s) address, resolved against the hub; undefined for `javascript:`, `data:` and nonsense. */
export function safeUrl(url, base) {
  if (typeof url !== 'string' || !URL.canParse(url, base)) return undefined
  const { protocol, href } = new URL(url, base)
  return protocol === 'http:' || protocol === 'https:' ? href : undefined
}

/**
 * The same address at the hub that this page talks to, for what lies below `path`. The hub may be reached by several names
 * (localhost and 127.0.0.1, inside and outside), and a page may only be permitted to speak with one of them.
 */
export function atOurHub(url, base, path) {
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
export const withLinks = (text) => replaced(text, addresses, ([url]) => linkOf(url))

/** A text with the few marks that bots and articles use: bold, italic, code, named links, lists. */
export function withMarks(text) {
  const lined = text.replace(/^[-*] (?=\S)/gm, '• ')
  return replaced(lined, marks, ([whole, bold, italic, code, label, url]) => {
    if (bold) return [tag('strong', {}, ...withLinks(bold))]
    if (italic) return [tag('em', {}, ...withLinks(italic))]
    if (code) return [tag('code', {}, code)]
    return label ? named(label, url) : linkOf(whole)
  })
}

/** A label that looks like an address itself could name another one than it leads to: then both are shown. */
function named(label, url) {
  const href = safeUrl(url)
  if (!href) return [`${label} (${url})`]
  if (/[\w-]\.[a-z]{2}|:\/\//i.test(label)) return [`${label} (`, tag('a', { href, ...outside }, url), ')']
  return [tag('a', { href, ...outside }, label)]
}

/** A full stop or bracket after an address is not part of it. */
function linkOf(found) {
  const url = found.replace(/[.,;:!?'’)\]}]+$/, '')
  const href = safeUrl(url)
  return href ? [tag('a', { href, ...outside }, url), found.slice(url.length)] : [found]
}

function replaced(text, pattern, toNodes) {
  const nodes = []
  let done = 0
  for (const match of text.matchAll(pattern)) {
    nodes.push(text.slice(done, match.index), ...toNodes(match))
    done = match.index + match[0].length
  }
  return [...nodes, text.slice(done)].filter((node) => node !== '')
}

function tag(name, attributes, ...children) {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
  node.append(...children)
  return node
}
