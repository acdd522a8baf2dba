/**
 * The few marks that bots and articles use in a text: bold, italic, code, named links, lists; and bare web addresses. Read here for
 * the chat and for the console alike; each draws them as nodes of its own, so nothing that was said becomes markup. Pure.
 */

/** How what is found is drawn. All words are given as text. */
export interface Drawing<Node> {
  bold(inside: (Node | string)[]): Node
  italic(inside: (Node | string)[]): Node
  code(words: string): Node
  /** `href` is an http(s) address. */
  link(href: string, label: string): Node
}

export interface Marks<Node> {
  /** A text with its web addresses as links: what a person wrote, for whom an asterisk is one. */
  withLinks(text: string): (Node | string)[]
  withMarks(text: string): (Node | string)[]
}

/** An http(s) address, resolved against `base`; undefined for `javascript:`, `data:` and nonsense. */
export function safeUrl(url: string | undefined, base?: string): string | undefined {
  if (!url || !URL.canParse(url, base)) return undefined
  const { protocol, href } = new URL(url, base)
  return /^https?:$/.test(protocol) ? href : undefined
}

const address = String.raw`https?:\/\/[^\s<>"“”]+`
const addresses = new RegExp(address, 'g')
/** In this order: bold, italic, code, a named link, a bare address. */
const marks = new RegExp(
  String.raw`\*\*(?=\S)([^*\n]+)(?<=\S)\*\*|(?<![\w*])\*(?=\S)([^*\n]+)(?<=\S)\*(?![\w*])|\x60([^\x60\n]+)\x60|\[([^\]\n]{1,200})\]\((https?:\/\/[^\s)]+)\)|` +
    address,
  'g',
)

export function marksDrawnAs<Node>({ bold, italic, code, link }: Drawing<Node>): Marks<Node> {
  type Nodes = (Node | string)[]

  /** A label that looks like an address itself could name another one than it leads to: then both are shown. */
  const named = (label: string, url: string): Nodes => {
    const href = safeUrl(url)
    if (!href) return [`${label} (${url})`]
    return /[\w-]\.[a-z]{2}|:\/\//i.test(label) ? [`${label} (`, link(href, url), ')'] : [link(href, label)]
  }

  /** A full stop or bracket after an address is not part of it. */
  const linkOf = (found: string): Nodes => {
    const url = found.replace(/[.,;:!?'’)\]}]+$/, '')
    const href = safeUrl(url)
    return href ? [link(href, url), found.slice(url.length)] : [found]
  }

  const replaced = (text: string, pattern: RegExp, toNodes: (match: RegExpMatchArray) => Nodes): Nodes => {
    const nodes: Nodes = []
    let done = 0
    for (const match of text.matchAll(pattern)) {
      nodes.push(text.slice(done, match.index), ...toNodes(match))
      done = match.index + match[0].length
    }
    return [...nodes, text.slice(done)].filter((node) => node !== '')
  }

  const withLinks = (text: string): Nodes => replaced(text, addresses, ([url]) => linkOf(url))
  return {
    withLinks,
    withMarks: (text) =>
      replaced(text.replace(/^[-*] (?=\S)/gm, '• '), marks, ([whole, strong, em, words, label, url]) => {
        if (strong) return [bold(withLinks(strong))]
        if (em) return [italic(withLinks(em))]
        if (words) return [code(words)]
        return label ? named(label, url!) : linkOf(whole)
      }),
  }
}
