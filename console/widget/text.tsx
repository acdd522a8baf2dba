/** @jsxImportSource preact */
/** What people and bots wrote, as nodes. Only text nodes and checked addresses: nothing said by anybody becomes markup. */
import type { ComponentChild } from 'preact'
import { marksDrawnAs, safeUrl } from '../marks.ts'

/**
 * The same address at the hub that this page talks to, for paths that match `ours`. The hub may be reached by several names
 * (localhost and 127.0.0.1, inside and outside), and a page may only be permitted to speak with one of them.
 */
export function atOurHub(url: string, base: string, ours: RegExp): string | undefined {
  const safe = safeUrl(url, base)
  if (!safe) return undefined
  const { pathname, search } = new URL(safe)
  return ours.test(pathname) ? new URL(pathname + search, base).href : safe
}

export const outside = { target: '_blank', rel: 'noopener noreferrer' }

export const { withLinks, withMarks } = marksDrawnAs<ComponentChild>({
  bold: (inside) => <strong>{inside}</strong>,
  italic: (inside) => <em>{inside}</em>,
  code: (words) => <code>{words}</code>,
  link: (href, label) => (
    <a href={href} {...outside}>
      {label}
    </a>
  ),
})
