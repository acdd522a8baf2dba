import { createElement, Fragment, type ReactNode } from 'react'
import { marksDrawnAs } from '../../marks.ts'
import { safeUrl } from './links.ts'
import { Out } from './Out.tsx'

/** What a bot said, with its marks drawn as the customer sees them. */
export const Marked = ({ text }: { text: string }) => asOne(withMarks(text))

/** Given as children of their own, not as a list, nodes need no keys: what was said does not change. */
const asOne = (nodes: readonly ReactNode[], around: 'strong' | 'em' | typeof Fragment = Fragment) =>
  createElement(around, null, ...nodes)

const { withMarks } = marksDrawnAs<ReactNode>({
  bold: (inside) => asOne(inside, 'strong'),
  italic: (inside) => asOne(inside, 'em'),
  code: (words) => <code>{words}</code>,
  link: (href, label) => (safeUrl(href) ? <Out href={href} words={label} /> : label),
})
