/** A draft’s markdown as an article’s HTML. HTML inside it is shown, not used. */
import { escapeHtml } from '../html.ts'

export async function toArticleHtml(markdown: string): Promise<string> {
  const { Marked } = await import('marked')
  const marked = new Marked({
    gfm: true,
    renderer: {
      html: ({ text }) => escapeHtml(text),
      link({ href, tokens }) {
        const label = this.parser.parseInline(tokens)
        return /^(https?:|mailto:)/i.test(href) ? `<a href="${escapeHtml(href)}">${label}</a>` : label
      },
    },
  })
  return marked.parse(markdown, { async: false })
}
