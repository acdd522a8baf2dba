/** Draws a bot's words into a box, as the chat draws them. Built for a page by hostile.ts. */
import { Fragment, h, render } from 'preact'
import { withMarks } from '../../console/widget/text.tsx'

export const draw = (text: string, box: Element): void => render(h(Fragment, null, withMarks(text)), box)
